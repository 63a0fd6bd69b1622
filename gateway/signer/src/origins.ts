/** Whether it is the log of one boot of this deployment (gateway/audit-log/src/origin.ts); a key signs nobody else's. */
export function isLogOf(deployment: string, origin: string): boolean {
  if (!origin.startsWith(`${deployment}/`)) return false;
  return /^[a-z0-9-]{1,60}\/\d{8}T\d{6}Z-[0-9a-f]{4,32}$/.test(origin.slice(deployment.length + 1));
}
