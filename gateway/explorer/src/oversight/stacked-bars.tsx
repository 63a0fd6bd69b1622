import { Bar, BarChart, CartesianGrid, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { partsOf, SEVERAL, type Stack } from './stacks.ts';

/** Colours of the chart; there are as many in `oversight.css`. */
const COLOURS = 8;

/** Pixels: of a bar that lies, with the gap to the next one; of axis and legend. */
const LYING_BAR = 40;
const AROUND = 96;
const STANDING = 300;

/** Characters of a name beside a bar: three lines. The table has all of it. */
const LONGEST_LABEL = 40;

const shortened = (name: string) =>
  name.length <= LONGEST_LABEL ? name : `${name.slice(0, LONGEST_LABEL - 1).trimEnd()}…`;

/** Bars of parts that stand side by side, or lie one below the other where their names are long. */
export function StackedBars({
  stacks,
  isLying = false,
  names = partsOf(stacks),
  muted = SEVERAL,
}: {
  readonly stacks: readonly Stack[];
  readonly isLying?: boolean;
  /** Parts in the order in which they are drawn; largest first unless told. */
  readonly names?: readonly string[];
  /** The part that is there for the whole's sake. */
  readonly muted?: string;
}) {
  const height = isLying ? stacks.length * LYING_BAR + AROUND : STANDING;
  return (
    <ResponsiveContainer width="100%" height={height}>
      <BarChart
        data={[...stacks]}
        layout={isLying ? 'vertical' : 'horizontal'}
        accessibilityLayer={false}
        margin={{ top: 8, right: 16, bottom: 0, left: 0 }}
      >
        <CartesianGrid stroke="var(--line)" strokeOpacity={0.4} horizontal={!isLying} vertical={isLying} />
        {isLying ? (
          <>
            <XAxis type="number" allowDecimals={false} stroke="var(--faint)" />
            <YAxis type="category" dataKey="of" width={172} tickFormatter={shortened} stroke="var(--faint)" />
          </>
        ) : (
          <>
            <XAxis dataKey="of" stroke="var(--faint)" minTickGap={24} />
            <YAxis allowDecimals={false} width={48} stroke="var(--faint)" />
          </>
        )}
        <Tooltip
          cursor={{ fill: 'var(--raised)' }}
          contentStyle={{ background: 'var(--ground)', borderColor: 'var(--line)', color: 'var(--text)' }}
          itemStyle={{ color: 'var(--text)' }}
        />
        {names.length > 1 ? (
          <Legend itemSorter={null} formatter={(name) => <span className="legend">{name}</span>} />
        ) : null}
        {names.map((name, place) => (
          <Bar
            key={name}
            name={name}
            dataKey={({ parts }: Stack) => parts[name] ?? 0}
            stackId="one"
            fill={name === muted ? 'var(--chart-several)' : `var(--chart-${(place % COLOURS) + 1})`}
            stroke="var(--ground)"
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}
