/** Operations on which the executor must agree with stock @apollo/gateway, by situation. */
export const OPERATIONS: readonly {
  readonly situation: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}[] = [
  { situation: 'one fetch', query: '{ product(id: "p1") { title } }' },
  { situation: 'absent root', query: '{ product(id: "p0") { title } }' },
  {
    situation: 'two roots of one subgraph',
    query: '{ a: product(id: "p1") { title } product(id: "p3") { id } }',
  },
  { situation: 'roots of three subgraphs', query: '{ me { name } reviews { id } products { id } }' },
  { situation: 'root __typename', query: '{ __typename }' },
  { situation: 'root __typename with data', query: '{ t: __typename me { __typename name } }' },
  { situation: 'only __typename', query: '{ me { __typename } }' },
  { situation: 'entity', query: '{ product(id: "p1") { title reviews { body score } } }' },
  { situation: 'entity back and forth', query: '{ me { reviews { product { title maker { name } } } } }' },
  {
    situation: 'entity four hops',
    query: '{ me { name reviews { author { name reviews { product { title verdict } } } } } }',
  },
  { situation: 'the same entity many times', query: '{ reviews { author { id name } product { title } } }' },
  { situation: 'unknown entity', query: '{ reviews { id author { id name email } } }' },
  { situation: 'null entity with nullable fields', query: '{ product(id: "p3") { title reviews { id } } }' },
  { situation: 'null entity with a non-null field', query: '{ product(id: "p3") { title verdict } }' },
  { situation: 'failing entity', query: '{ product(id: "p4") { title rating } }' },
  { situation: 'failing entity among others', query: '{ products(first: 4) { id rating reviews { id } } }' },
  { situation: 'failing field', query: '{ product(id: "p2") { title failing } }' },
  { situation: 'failing field in a list', query: '{ products { id failing } }' },
  { situation: 'failing field of an entity', query: '{ products(first: 2) { id rating } }' },
  { situation: 'failing field of an entity in several places', query: '{ reviews { product { rating } } }' },
  { situation: 'failing root', query: '{ broken { title } me { name } }' },
  { situation: 'null bubbles to its object', query: '{ products(first: 5) { id mandatory } }' },
  { situation: 'null bubbles through a list', query: '{ strictProducts { id mandatory } me { name } }' },
  { situation: 'non-null field of an entity is null', query: '{ product(id: "p5") { title verdict } }' },
  { situation: 'the same within a list that allows null', query: '{ products(first: 5) { id verdict } }' },
  { situation: 'the same within a list that does not', query: '{ strictProducts { id verdict } }' },
  { situation: 'failing nested object', query: '{ a: user(id: "u2") { name address { town } } }' },
  { situation: 'nested lists', query: '{ shelf { id title } }' },
  { situation: 'nested lists of entities', query: '{ shelf { id reviews { id author { name } } } }' },
  { situation: 'nested lists of leaves', query: '{ me { address { town lines } } }' },
  { situation: 'nulls in a list', query: '{ product(id: "p2") { related { id title related { id } } } }' },
  {
    situation: 'empty list',
    query: '{ search(text: "none") { __typename } product(id: "p3") { related { id } } }',
  },
  { situation: 'list in list in list', query: '{ products { related { related { id tags } } } }' },
  { situation: 'aliases', query: '{ x: product(id: "p1") { y: title z: maker { w: name } } }' },
  {
    situation: 'one field under two aliases',
    query: '{ product(id: "p1") { gbp: price eur: price(currency: EUR) } }',
  },
  {
    situation: 'aliased entity',
    query: '{ mine: me { written: reviews { of: product { called: title } } } }',
  },
  { situation: 'aliased __typename', query: '{ search { kindOf: __typename } }' },
  {
    situation: 'a field twice',
    query: '{ product(id: "p1") { title title maker { name } maker { country } } }',
  },
  {
    situation: 'two arguments, two entities',
    query: '{ product(id: "p1") { a: reviews(first: 1) { id } b: reviews { id body } } }',
  },
  { situation: 'order of fields', query: '{ product(id: "p1") { verdict title reviews { id } id tags } }' },
  {
    situation: 'fragment',
    query: '{ me { ...U } } fragment U on User { name reviews { ...R } } fragment R on Review { body }',
  },
  { situation: 'fragment twice', query: '{ me { ...U ...U name } } fragment U on User { name email }' },
  { situation: 'inline fragment', query: '{ me { ... on User { name } ... { email } } }' },
  { situation: 'union', query: '{ search { ... on Product { title } ... on Maker { name } } }' },
  {
    situation: 'union with __typename',
    query: '{ search(text: "m") { __typename ... on Maker { country } } }',
  },
  { situation: 'union with entities', query: '{ search { ... on Product { title reviews { body } } } }' },
  {
    situation: 'union across subgraphs',
    query: '{ holders { ... on User { name reviews { id } } ... on Pupil { notes { text } } } }',
  },
  { situation: 'interface', query: '{ nodes { id label } }' },
  { situation: 'interface, one', query: '{ node(id: "m1") { id label ... on Maker { name } } }' },
  { situation: 'interface absent', query: '{ node(id: "x") { id } }' },
  { situation: 'interface with entity', query: '{ nodes { id ... on Product { reviews { id } title } } }' },
  {
    situation: 'interface fragment on an object',
    query: '{ product(id: "p1") { ...N } } fragment N on Node { id label }',
  },
  {
    situation: 'fragment on a union',
    query: '{ ...Q } fragment Q on Query { search { ...H } } fragment H on SearchHit { ... on Node { id } }',
  },
  {
    situation: 'one name, two types',
    query: '{ pets { name ... on Cat { size: bulk } ... on Dog { size2: bulk } } }',
  },
  {
    situation: 'interface without common subgraph type',
    query: '{ pets { __typename name ... on Cat { meows } } }',
  },
  {
    situation: 'skip',
    query: 'query($s: Boolean!) { me { name @skip(if: $s) email } }',
    variables: { s: true },
  },
  {
    situation: 'no skip',
    query: 'query($s: Boolean!) { me { name @skip(if: $s) email } }',
    variables: { s: false },
  },
  { situation: 'include', query: 'query($i: Boolean = false) { me { name email @include(if: $i) } }' },
  {
    situation: 'include overruled',
    query: 'query($i: Boolean = false) { me { name email @include(if: $i) } }',
    variables: { i: true },
  },
  {
    situation: 'skipped fetch',
    query: 'query($s: Boolean!) { product(id: "p1") { title reviews @skip(if: $s) { id } } }',
    variables: { s: true },
  },
  {
    situation: 'fetch not skipped',
    query: 'query($s: Boolean!) { product(id: "p1") { title reviews @skip(if: $s) { id } } }',
    variables: { s: false },
  },
  {
    situation: 'skipped root',
    query: 'query($s: Boolean!) { me @skip(if: $s) { name } products { id } }',
    variables: { s: true },
  },
  {
    situation: 'everything skipped',
    query: 'query($s: Boolean!) { me @skip(if: $s) { name } }',
    variables: { s: true },
  },
  {
    situation: 'skip and include together',
    query: 'query($s: Boolean!, $i: Boolean!) { me { name @skip(if: $s) @include(if: $i) email } }',
    variables: { s: false, i: false },
  },
  {
    situation: 'skipped fragment',
    query:
      'query($s: Boolean!) { me { ...U @skip(if: $s) email } } fragment U on User { name reviews { id } }',
    variables: { s: true },
  },
  { situation: 'constant skip', query: '{ me { name @skip(if: true) email @include(if: true) } }' },
  {
    situation: 'a field skipped here, not there',
    query: 'query($s: Boolean!) { me { name @skip(if: $s) ... { name } } }',
    variables: { s: true },
  },
  { situation: 'variable', query: 'query($id: ID!) { product(id: $id) { title } }', variables: { id: 'p2' } },
  {
    situation: 'variable in an entity',
    query: 'query($n: Int) { product(id: "p1") { reviews(first: $n) { id } } }',
    variables: { n: 1 },
  },
  {
    situation: 'default of a variable',
    query: 'query($n: Int = 1) { product(id: "p1") { reviews(first: $n) { id } } }',
  },
  {
    situation: 'default of an argument',
    query: 'query($n: Int) { product(id: "p1") { reviews(first: $n) { id } } }',
  },
  { situation: 'input object with defaults', query: '{ find(filter: {}) { id } }' },
  {
    situation: 'input object as variable',
    query: 'query($f: ProductFilter!) { find(filter: $f) { id } }',
    variables: { f: { ids: ['p3', 'p1', 'p4'], limit: 3 } },
  },
  {
    situation: 'variable within an input object',
    query: 'query($ids: [ID!]) { find(filter: { ids: $ids }) { id } }',
    variables: { ids: ['p5'] },
  },
  {
    situation: 'one item for a list',
    query: 'query($ids: [ID!]) { find(filter: { ids: $ids }) { id } }',
    variables: { ids: 'p5' },
  },
  {
    situation: 'enum variable',
    query: 'query($c: Currency) { product(id: "p1") { price(currency: $c) kind } }',
    variables: { c: 'EUR' },
  },
  {
    situation: 'mutation',
    query: 'mutation { addReview(input: { productId: "p1", body: "b" }) { id score product { title } } }',
  },
  {
    situation: 'mutations in order',
    query:
      'mutation { a: addReview(input: { productId: "p1", body: "b" }) { id } removeReview(id: "r1") { id author { name } } b: removeReview(id: "x") { id } }',
  },
  { situation: 'mutation that refuses', query: 'mutation { refuse { id } }' },
  { situation: 'subject', query: '{ pupil(id: "k1") { id name notes { text weight } grade } }' },
  { situation: 'subjects in a list', query: '{ pupils { name notes { text } grade } }' },
  {
    situation: 'subjects below a subject',
    query: '{ pupil(id: "k1") { name friends { name notes { text } favourite { title } } } }',
  },
  { situation: 'entity of an entity', query: '{ pupils { favourite { title rating maker { name } } } }' },
];
