-- Where the organisation works: DfE codes of local authorities, `{975}`. None for one whose people come from anywhere.
alter table organisation add column authorities text[] not null default '{}';
