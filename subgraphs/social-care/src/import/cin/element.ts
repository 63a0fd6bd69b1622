/** An element of the census below `Children`, with what it holds. */
export interface Element {
  readonly name: string;
  /** Line of the start tag, from 1. */
  readonly line: number;
  readonly children: readonly Element[];
  readonly text: string;
}

export function childrenOf(element: Element, name: string): Element[] {
  return element.children.filter((child) => child.name === name);
}

/** The first one of the name; the schema allows no second where this is asked. */
export function childOf(element: Element, name: string): Element | undefined {
  return element.children.find((child) => child.name === name);
}

/** Trimmed text of the first child of the name; undefined when there is none. */
export function textOf(element: Element, name: string): string | undefined {
  return childOf(element, name)?.text.trim();
}
