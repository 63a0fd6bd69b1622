/** A message with its full stop. */
export function sentence(message: string): string {
  return message.endsWith('.') ? message : `${message}.`;
}
