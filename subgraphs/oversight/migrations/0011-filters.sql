-- An auditor's page of a rare purpose or outcome, without a walk past everything else that happened since.
create index access_event_by_purpose on access_event (purpose, at desc, origin desc, index desc);
create index access_event_by_outcome on access_event (outcome, at desc, origin desc, index desc);
