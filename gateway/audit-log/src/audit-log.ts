/** Where one leaf stands: the receipt of what it records. */
export interface LeafReceipt {
  /** Name of the log: deployment, instance and boot, `contactpoint.local/gateway-1/20261122T101500Z-4f2a`. */
  readonly origin: string;
  /** From 0, without gaps. */
  readonly index: bigint;
}

export interface AuditLog {
  readonly origin: string;
  /**
   * Appends one leaf. Resolves only once the index is durable: a caller that has the receipt may crash and the leaf is
   * still in the log. Leaves that arrive while a commit is under way go together into the next one.
   *
   * @param leaf At most 65 535 bytes (tlog-tiles entry bundles carry a uint16 length).
   * @throws RangeError if the leaf is longer; AppendError if it was not known to be kept within the deadline.
   * @see https://c2sp.org/tlog-tiles
   */
  append(leaf: Uint8Array): Promise<LeafReceipt>;
  /** False from a failure until the store keeps again: a gateway that cannot record is not ready. */
  readonly healthy: boolean;
  /** Finishes what was appended, then closes the connection. */
  close(): Promise<void>;
}
