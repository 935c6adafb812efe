// The labels that French electricity meters send over their customer interface (TIC), in the order of the bits of a
// descriptor, each with its form on the wire. Labels after Enedis-NOI-CPT_54E and Watteco's "TIC application layer"
// (https://support.watteco.com, codec/tic.js of Watteco/Codec-API-LoRaWAN).
// Forms: u8 to u32 and s16 numbers, float, text up to a 0, date of six bytes, sdate a season letter and a date (and a
// number of 8, 16 or 24 bits), stamp seconds since 2000, word/period/stdperiod/contract an index or its own text.

/** Labels of meters ICE, general frame (cluster 0x0053, attribute 0x..00). */
export const iceGeneral = `
  CONTRAT:text DATECOUR:date METER_DATE:date EA:u24 ERP:u24 PTCOUR:text PREAVIS:text MODE:none DATEPA1:date
  PA1:u16 DATEPA2:date PA2:u16 DATEPA3:date PA3:u16 DATEPA4:date PA4:u16 DATEPA5:date PA5:u16 DATEPA6:date
  PA6:u16 P:u24 KDC:u8 KDCD:u8 TGPHI:float PSP:u16 PSPM:u16 PSHPH:u16 PSHPD:u16 PSHCH:u16 PSHCD:u16 PSHPE:u16
  PSHCE:u16 PSJA:u16 PSHH:u16 PSHD:u16 PSHM:u16 PSDSM:u16 PSSCM:u16 MODE:none PA1MN:u16 PA10MN:u16 PREA1MN:s16
  PREA10MN:s16 TGPHI:float U10MN:u16
`;

/** Labels of blue meters CBE and Linky in historical mode (0x0054). */
export const cbe = `
  ADIR1:u16 ADIR2:u16 ADIR3:u16 ADCO:text OPTARIF:text ISOUSC:u8 BASE:u32 HCHC:u32 HCHP:u32 EJPHN:u32 EJPHPM:u32
  BBRHCJB:u32 BBRHPJB:u32 BBRHCJW:u32 BBRHPJW:u32 BBRHCJR:u32 BBRHPJR:u32 PEJP:u8 GAZ:u32 AUTRE:u32 PTEC:text
  DEMAIN:text IINST:u16 IINST1:u16 IINST2:u16 IINST3:u16 ADPS:u16 IMAX:u16 IMAX1:u16 IMAX2:u16 IMAX3:u16
  PMAX:u32 PAPP:u32 HHPHC:char MOTDETAT:text PPOT:u8
`;

/** Labels of yellow meters CJE (0x0055). */
export const cje = `
  JAUNE:hmdm JAUNE_PERIOD:text JAUNE_NOTICE:text JAUNE_POWER:u24 JAUNE_KP:u8 ENERG_1:u24 ENERG_2:u24 ENERG_3:u24
  ENERG_4:u24 ENERG_5:u24 ENERG_6:u24 PERCC:dmh PERCC_CG:u8 PMAXC_1:u24 PMAXC_2:u24 PMAXC_3:u24 PMAXC_4:u24
  TDEPA_1:u24 TDEPA_2:u24 TDEPA_3:u24 TDEPA_4:u24 PERCP:dmh PERCP_CG:u8 PMAXP_1:u24 PMAXP_2:u24 PMAXP_3:u24
  PMAXP_4:u24 PSOUSC_1:u24 PSOUSC_2:u24 PSOUSC_3:u24 PSOUSC_4:u24 PSOUSP_1:u24 PSOUSP_2:u24 PSOUSP_3:u24
  PSOUSP_4:u24 FCOU:hm FCOU_DD:u8
`;

/** Labels of Linky in standard mode (0x0056). */
export const standard = `
  ADSC:text VTIC:u8 METER_DATE:sdate NGTF:contract LTARF:stdperiod EAST:u32 EASF01:u32 EASF02:u32 EASF03:u32
  EASF04:u32 EASF05:u32 EASF06:u32 EASF07:u32 EASF08:u32 EASF09:u32 EASF10:u32 EASD01:u32 EASD02:u32 EASD03:u32
  EASD04:u32 EAIT:u32 ERQ1:u32 ERQ2:u32 ERQ3:u32 ERQ4:u32 IRMS1:u16 IRMS2:u16 IRMS3:u16 URMS1:u16 URMS2:u16
  URMS3:u16 PREF:u8 PCOUP:u8 SINSTS:u24 SINSTS1:u24 SINSTS2:u24 SINSTS3:u24 SMAXSN:sdate24 SMAXSN1:sdate24
  SMAXSN2:sdate24 SMAXSN3:sdate24 SMAXSN-1:sdate24 SMAXSN1-1:sdate24 SMAXSN2-1:sdate24 SMAXSN3-1:sdate24
  SINSTI:u24 SMAXIN:sdate24 SMAXIN-1:sdate24 CCASN:sdate24 CCASN-1:sdate24 CCAIN:sdate24 CCAIN-1:sdate24
  UMOY1:sdate16 UMOY2:sdate16 UMOY3:sdate16 STGE:bits32 DPM1:sdate8 FPM1:sdate8 DPM2:sdate8 FPM2:sdate8
  DPM3:sdate8 FPM3:sdate8 MSG1:text MSG2:text PRM:text RELAIS:u8 NTARF:u8 NJOURF:u8 NJOURF+1:u8
  PJOURF+1:calendar PPOINTE:calendar
`;

/** Labels of meters PME-PMI (0x0057). */
export const pmePmi = `
  TRAME:word ADS:hex MESURES1:contract METER_DATE:date EA_s:u24 ER+_s:u24 ER-_s:u24 EAPP_s:u24 EA_i:u24
  ER+_i:u24 ER-_i:u24 EAPP_i:u24 PTCOUR1:period TARIFDYN:word ETATDYN1:period PREAVIS1:period
  TDYN1CD:stampperiod TDYN1CF:stampperiod TDYN1FD:stampperiod TDYN1FF:stampperiod MODE:word CONFIG:word
  DATEPA1:date PA1_s:u16 PA1_i:u16 DATEPA2:stamp PA2_s:u16 PA2_i:u16 DATEPA3:stamp PA3_s:u16 PA3_i:u16
  DATEPA4:stamp PA4_s:u16 PA4_i:u16 DATEPA5:stamp PA5_s:u16 PA5_i:u16 DATEPA6:stamp PA6_s:u16 PA6_i:u16
  DebP:stamp EAP_s:u24 EAP_i:u24 ER+P_s:u24 ER-P_s:u24 ER+P_i:u24 ER-P_i:u24 DebP-1:stamp FinP-1:stamp
  EaP-1_s:u24 EaP-1_i:u24 ER+P-1_s:u24 ER-P-1_s:u24 ER+P-1_i:u24 ER-P-1_i:u24 PS:u24word PREAVIS:word PA1MN:u16
  PMAX_s:u24word PMAX_i:u24word TGPHI_s:float TGPHI_i:float MESURES2:contract PTCOUR2:period ETATDYN2:period
  PREAVIS2:period TDYN2CD:stampperiod TDYN2CF:stampperiod TDYN2FD:stampperiod TDYN2FF:stampperiod DebP_2:stamp
  EaP_s2:u24 DebP-1_2:stamp FinP-1_2:stamp EaP-1_s2:u24 DDMES1:u24
`;

const tariffs = ['P', 'PM', 'HCE', 'HCH', 'HH', 'HCD', 'HD', 'JA', 'HPE', 'HPH', 'HPD', 'SCM', 'HM', 'DSM'];

/** Labels of meters ICE for the period under way (`p`, attribute 0x..01) and the one before (`p1`, 0x..02). */
export const icePeriod = (period: 'p' | 'p1'): string => {
  const energies = ['EA', 'ERP', 'ERN'].map((kind) => {
    const values = tariffs.map((tariff) => `${kind}${period}${tariff}:u24`);
    return `DATE${kind}${period}:date ${values.join(' ')}`;
  });
  return `DEBUT${period}:date FIN${period}:date CAF${period}:u16 ${energies.join(' ')}`;
};
