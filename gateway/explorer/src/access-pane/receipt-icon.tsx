/** A slip of paper with a tick. */
export function ReceiptIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M5 3h14v18l-2.3-1.6L14.3 21 12 19.4 9.7 21l-2.4-1.6L5 21z" />
      <path d="M9 11l2.2 2.2L15.5 9" />
    </svg>
  );
}
