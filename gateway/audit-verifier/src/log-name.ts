/** Deployment and instance, whose boots follow each other. */
export function instanceOf(origin: string): string {
  return origin.split('/').slice(0, -1).join('/');
}
