/** Name of the log of all logs within its deployment. */
const AGGREGATE = 'aggregate';

/** Whether this is the log whose leaves are the checkpoints of a deployment's other logs. */
export function isAggregate(origin: string): boolean {
  const [, name, ...rest] = origin.split('/');
  return name === AGGREGATE && rest.length === 0;
}

export function aggregateOf(origin: string): string {
  return `${origin.split('/', 1)[0]}/${AGGREGATE}`;
}

/** Deployment and instance, whose boots follow each other. */
export function instanceOf(origin: string): string {
  return origin.split('/').slice(0, -1).join('/');
}
