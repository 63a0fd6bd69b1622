import { ROOT_TYPES } from '../subgraph.ts';
import type { Check } from './check.ts';

const RESERVED = /^(__|join__|link__|core__|federation__|access__)/;

/** The classification skips federation's machinery by its names: a field called like it would have no class at all. */
export const reservedName: Check = function* ({ subgraphs }) {
  for (const subgraph of subgraphs)
    for (const type of subgraph.types.values()) {
      const hasFields = type.kind === 'object' || type.kind === 'interface' || type.kind === 'union';
      const names = ROOT_TYPES.has(type.name) ? [...type.fields.keys()] : hasFields ? [type.name] : [];
      for (const name of names)
        if (RESERVED.test(name))
          yield {
            code: 'RESERVED_NAME',
            subgraph: subgraph.name,
            coordinate: ROOT_TYPES.has(type.name) ? `${type.name}.${name}` : name,
            message: `${name} begins like a name of federation's own; choose another`,
          };
    }
};
