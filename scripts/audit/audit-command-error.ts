/** `npm run audit` could not do its work: nothing is said about the log. The message is for whoever runs it. */
export class AuditCommandError extends Error {
  override readonly name = 'AuditCommandError';
}
