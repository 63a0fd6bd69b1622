import { useId } from 'react';
import { withoutUnseen } from './unseen.ts';

/** One line, or several where it is long, with how many characters it takes. */
export function TextField({
  label,
  hint,
  value,
  onChange,
  type = 'text',
}: {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'date' | 'long';
}) {
  const [id, described] = [useId(), useId()];
  const common = {
    id,
    value,
    dir: 'auto',
    ...(hint === undefined ? {} : { 'aria-describedby': described }),
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {type === 'long' ? (
        <textarea {...common} rows={3} onChange={({ target }) => onChange(withoutUnseen(target.value))} />
      ) : (
        <input
          {...common}
          type={type}
          autoComplete="off"
          onChange={({ target }) => onChange(withoutUnseen(target.value))}
        />
      )}
      {hint === undefined ? null : (
        <span id={described} className="hint">
          {hint}
        </span>
      )}
    </div>
  );
}
