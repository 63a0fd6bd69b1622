/** Said in place: the page below stays as it is, and goes on once its reader has signed in again. */
export function SessionEnded({
  problem,
  onSignIn,
}: {
  readonly problem: string | undefined;
  readonly onSignIn: () => void;
}) {
  return (
    <div className="notice ended" role="alert">
      <p>
        <strong>Your session has ended.</strong> What you typed is still here. {problem}
      </p>
      <button type="button" className="primary" onClick={onSignIn}>
        Sign in again
      </button>
    </div>
  );
}
