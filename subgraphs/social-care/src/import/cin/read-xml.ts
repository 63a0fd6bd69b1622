import { basename } from 'node:path';
import { MalformedFileError } from '@contactpoint/subgraph-kit/import-report';
import { SaxesParser } from 'saxes';
import { readUtf8 } from '../read-utf8.ts';
import type { Element } from './element.ts';

/** An element while it is open. */
interface OpenElement {
  readonly name: string;
  readonly line: number;
  readonly children: Element[];
  text: string;
}

/** Where a complete part of the census stands: one `Header`, then every `Child`. */
const HEADER = 'Message/Header';
const CHILD = 'Message/Children/Child';

/** Elements below one another that the census needs, doubled; what is deeper is not the census. */
const DEEPEST = 16;

/**
 * Reads the parts of a CIN census return as they come: the `Header`, then each `Child`. Elements that the schema does
 * not name are read like the others; who asks for the known ones does not meet them.
 *
 * @throws MalformedFileError when the XML is not well-formed or its elements are not those of the census.
 */
export async function* readCinXml(file: string, onRead: (bytes: number) => void): AsyncGenerator<Element> {
  const name = basename(file);
  const parser = new SaxesParser({ fileName: name, xmlns: false, position: true });
  const open: OpenElement[] = [];
  const complete: Element[] = [];
  let startLine = 1;
  let sawChildren = false;

  const malformed = (problem: string, field?: string, cause?: unknown) =>
    new MalformedFileError(
      { file: name, line: parser.line, ...(field === undefined ? {} : { field }) },
      problem,
      cause === undefined ? undefined : { cause },
    );

  parser.on('error', (cause) => {
    throw malformed('XML that is not well-formed', open.at(-1)?.name, cause);
  });
  parser.on('doctype', () => {
    throw malformed('a document type declaration, which the census has not');
  });
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding))
      throw malformed('an encoding other than UTF-8', 'encoding');
  });
  parser.on('opentagstart', () => {
    startLine = parser.line;
  });
  parser.on('opentag', (tag) => {
    if (open.length === 0 && tag.name !== 'Message')
      throw malformed('not a CIN census: no Message', tag.name);
    if (open.length >= DEEPEST) throw malformed('elements too deep for the census', tag.name);
    open.push({ name: tag.name, line: startLine, children: [], text: '' });
  });
  const addText = (text: string) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const path = open.map((element) => element.name).join('/');
    const element = open.pop();
    if (element === undefined) return;
    if (path === 'Message/Children') sawChildren = true;
    if (path === HEADER || path === CHILD) complete.push(element);
    // Only what lies within a part is kept, so that memory holds one child at a time.
    else if (open.length >= 2) open.at(-1)?.children.push(element);
  });

  let isFirst = true;
  for await (const text of readUtf8(file, onRead)) {
    // The parser would read a whole table of something else as text before it minds.
    if (isFirst && !/^\s*</.test(text)) throw malformed('not XML');
    isFirst = false;
    parser.write(text);
    yield* complete.splice(0);
  }
  parser.close();
  yield* complete.splice(0);
  if (!sawChildren) throw malformed('not a CIN census: no Children', 'Children');
}
