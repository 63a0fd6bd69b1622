/** One child of a CIN census with an open episode and a protection plan. */
export function census(
  children: readonly { localId: string; bornOn: string; sex?: number; upn?: string }[],
): string {
  const elements = children.map(
    ({ localId, bornOn, sex = 2, upn }) => `<Child>
<ChildIdentifiers><LAchildID>${localId}</LAchildID>${upn === undefined ? '' : `<UPN>${upn}</UPN>`}
<PersonBirthDate>${bornOn}</PersonBirthDate><GenderCurrent>${sex}</GenderCurrent></ChildIdentifiers>
<ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics>
<CINdetails><CINreferralDate>2025-02-03</CINreferralDate><ReferralSource>1A</ReferralSource><PrimaryNeedCode>N1</PrimaryNeedCode><ReferralNFA>false</ReferralNFA>
<ChildProtectionPlans><CPPstartDate>2025-03-01</CPPstartDate><InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse><LatestCategoryOfAbuse>NEG</LatestCategoryOfAbuse><NumberOfPreviousCPP>0</NumberOfPreviousCPP></ChildProtectionPlans>
</CINdetails></Child>`,
  );
  return `<Message>\n<Header><CollectionDetails><Collection>CIN</Collection></CollectionDetails><Source><LEA>975</LEA></Source></Header>\n<Children>\n${elements.join('\n')}\n</Children>\n</Message>`;
}

/** The header and the episodes of an SSDA903 return. */
export function careReturn(first: number, count: number): readonly [string, string] {
  const numbers = Array.from({ length: count }, (_, place) => first + place);
  const born = (n: number) =>
    `${String(1 + (n % 28)).padStart(2, '0')}/${String(1 + (n % 12)).padStart(2, '0')}/2013`;
  const header = numbers.map((n) => `${n},${1 + (n % 2)},${born(n)},WBRI,,,`);
  const episodes = numbers.map((n) => `${n},15/02/2016,S,C2,N1,U4,PR1,14/08/2017,X1,CARPL,,,`);
  return [
    ['CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB', ...header, ''].join('\n'),
    [
      'CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN',
      ...episodes,
      '',
    ].join('\n'),
  ];
}
