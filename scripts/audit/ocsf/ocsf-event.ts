/** What is written of an OCSF event, by the schema's own names. @see https://schema.ocsf.io/1.8.0 */
export interface OcsfEvent {
  readonly category_uid: number;
  readonly class_uid: number;
  readonly activity_id: number;
  readonly activity_name: string;
  /** `class_uid * 100 + activity_id` */
  readonly type_uid: number;
  readonly severity_id: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly status_id: number;
  readonly status_code?: string;
  readonly status_detail?: string;
  readonly metadata: {
    readonly version: string;
    readonly product: { readonly name: string; readonly vendor_name: string };
    readonly uid: string;
    readonly log_name: string;
    readonly sequence: number;
    readonly event_code: string;
    readonly original_time: string;
  };
  readonly actor?: {
    readonly user?: {
      readonly uid?: string;
      readonly type_id?: number;
      readonly org?: { readonly uid: string };
      readonly groups?: readonly { readonly name: string }[];
    };
    readonly invoked_by?: string;
    readonly app_uid: string;
  };
  readonly api?: {
    readonly operation: string;
    readonly request: { readonly uid: string };
    readonly response?: { readonly error: string };
    readonly service: { readonly uid: string; readonly name: string };
  };
  readonly src_endpoint?: { readonly name: string } | { readonly ip: string };
  readonly resources?: readonly { readonly uid: string; readonly type: string }[];
  readonly app?: { readonly name: string; readonly uid: string };
  readonly count?: number;
  readonly start_time?: number;
  readonly end_time?: number;
  readonly unmapped: Readonly<Record<string, unknown>>;
}
