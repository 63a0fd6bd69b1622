import { Figure } from './figure.tsx';
import { AGENCIES } from './queries.ts';

interface Agency {
  readonly name: string;
  readonly state: 'ANSWERING' | 'FALTERING' | 'AWAY' | 'UNKNOWN';
  readonly halfWithin: number | null;
  readonly mostWithin: number | null;
  readonly unansweredPercent: number | null;
  readonly reportedAt: string;
}

const STATES: Readonly<Record<Agency['state'], string>> = {
  ANSWERING: '✓ answers',
  FALTERING: '! often does not answer',
  AWAY: '✗ away',
  UNKNOWN: '? nobody reports',
};

const within = (milliseconds: number | null) => (milliseconds === null ? '–' : `${milliseconds} ms`);

export function Agencies() {
  return (
    <Figure<Agency>
      title="Agencies"
      sentence="How each agency answered the gateways in the last five minutes. Times stand here from five requests on."
      query={AGENCIES}
      field="agencies"
      rowsOf={(agencies: readonly Agency[]) => agencies}
      columns={[
        { name: 'Agency', cell: ({ name }) => name },
        { name: 'State', cell: ({ state }) => <span className={`state ${state}`}>{STATES[state]}</span> },
        { name: 'Half within', isNumber: true, cell: ({ halfWithin }) => within(halfWithin) },
        { name: '95 of 100 within', isNumber: true, cell: ({ mostWithin }) => within(mostWithin) },
        {
          name: 'Unanswered',
          isNumber: true,
          cell: ({ unansweredPercent: percent }) => (percent === null ? '–' : `${percent} %`),
        },
        { name: 'Reported', cell: ({ reportedAt }) => new Date(reportedAt).toLocaleTimeString('en-GB') },
      ]}
      nothing="No gateway has reported yet. They do every ten seconds."
    />
  );
}
