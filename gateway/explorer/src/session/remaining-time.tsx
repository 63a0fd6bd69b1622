import { useEffect, useState } from 'react';

/** Milliseconds below which it is said aloud that the session ends soon. */
const SOON = 60_000;

/** The session's time, to the second. A screen reader hears of it once, a minute before it is over. */
export function RemainingTime({ expiresAt, ended }: { readonly expiresAt: number; readonly ended: boolean }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const ticking = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(ticking);
  }, []);
  const left = ended ? 0 : Math.max(0, expiresAt - now);
  return (
    <>
      <span className="remaining" role="timer">
        {left === 0 ? 'Session ended' : `Session: ${minutesAndSeconds(left)} left`}
      </span>
      <span className="spoken" role="status">
        {left > 0 && left <= SOON ? 'Your session ends in less than a minute.' : ''}
      </span>
    </>
  );
}

function minutesAndSeconds(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
