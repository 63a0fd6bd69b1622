-- A certificate is the same person's however a feed wrote its number.
drop index practitioner_certificate;
create index practitioner_certificate on practitioner (upper(regexp_replace(vetting_certificate, '\s', '', 'g')));
