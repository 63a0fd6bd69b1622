import postgres from 'postgres';

export interface ReaderConnections {
  /** 1 by default. */
  readonly max?: number;
  /** Whether arrays are read or given. The driver asks for their types then, on each new connection. */
  readonly arrays?: boolean;
}

/** Connections of a command that only reads, which stay for as long as it does: a snapshot goes with its connection. */
export function openReader(url: string, { max = 1, arrays = false }: ReaderConnections = {}): postgres.Sql {
  return postgres(url, {
    max,
    connect_timeout: 5,
    max_lifetime: null,
    fetch_types: arrays,
    onnotice: () => undefined,
    connection: { default_transaction_read_only: true, TimeZone: 'UTC' },
  });
}
