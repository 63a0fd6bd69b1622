/** Ports of one system; all follow the gateway's by offset, so that two systems fit on one machine. */
export interface Ports {
  readonly gateway: number;
  readonly directory: number;
  readonly education: number;
  readonly health: number;
  readonly 'social-care': number;
  readonly accreditation: number;
  readonly oversight: number;
  readonly signer: number;
  readonly identityProvider: number;
  readonly database: number;
  readonly auditDatabase: number;
}

export function portsFrom(gateway: number): Ports {
  return {
    gateway,
    directory: gateway + 1,
    education: gateway + 2,
    health: gateway + 3,
    'social-care': gateway + 4,
    accreditation: gateway + 5,
    oversight: gateway + 6,
    signer: gateway + 7,
    identityProvider: gateway + 11,
    database: gateway + 32,
    auditDatabase: gateway + 33,
  };
}
