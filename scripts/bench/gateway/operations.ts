import { readFileSync } from 'node:fs';

export const OPERATIONS = ['view', 'caseload', 'benchmark'] as const;

export type OperationName = (typeof OPERATIONS)[number];

/** What callers ask for, as bodies of HTTP requests among which each one chooses at random. */
export interface BenchOperation {
  readonly name: OperationName;
  readonly bodies: readonly string[];
  /** Headers that our own gateway needs; others take no notice of them. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** A field without which an answer is not whole: a refusal is quick and means nothing here. */
  readonly whole: string;
}

export const VIEW = readFileSync(new URL('../joined-view.graphql', import.meta.url), 'utf8');

/** Twenty children of whom education, health and social care are asked as well. */
export const CASELOAD = /* GraphQL */ `
  query Caseload($after: String) {
    myCaseload(first: 20, after: $after) {
      children {
        id
        givenNames
        familyName
        dateOfBirth
        enrolments { school { name } yearGroup from to }
        attendance { academicYear sessionsPossible sessionsAttended }
        missedAppointments { on setting }
        socialCare { status childProtectionPlans { startedOn initialCategory } }
      }
      endCursor
    }
  }
`;

/** Users and products, each with reviews of reviews: some 90 kB of which most is said again and again. */
export const BENCHMARK = /* GraphQL */ `
  query Benchmark {
    users {
      ...User
      reviews {
        ...Review
        product {
          ...Product
          reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } }
        }
      }
    }
    topProducts {
      ...Product
      reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } }
    }
  }
  fragment User on User { id username name memberSince }
  fragment Review on Review { id body }
  fragment Product on Product { upc name price weight inStock shippingEstimate }
`;

export function bodyOf(query: string, variables: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ query, variables });
}
