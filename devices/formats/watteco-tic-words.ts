// Words that TIC frames carry as an index, spelled as the meters print them, spaces included.
// Lists after Watteco's "TIC application layer" and codec/tic.js of Watteco/Codec-API-LoRaWAN.

const listOf = (words: string): readonly string[] => words.split('|');

/** Tariff dynamics, modes, units. */
export const words = listOf('!?!|*|| ACTIF|ACTIF|CONSO|CONTROLE|DEP|INACTIF|PROD|TEST|kVA|kW');

const tariffPeriods = '!?!|*|| ? |000|HC|HCD|HCE|HCH|HH|HH |HP|HP |HPD|HPE|HPH|JA|JA |P|P  |PM|PM |XXX';

/** Tariff periods. */
export const periods = listOf(tariffPeriods);

/** Tariff periods of Linky meters in standard mode. */
export const standardPeriods = listOf(
  `${tariffPeriods}|INDEX NON CONSO|BASE|HEURE CREUSE|HEURE PLEINE|HEURE NORMALE|HEURE POINTE|HC BLEU|BUHC|HP BLEU|BUHP` +
    '|HC BLANC|BCHC|HP BLANC|BCHP|HC ROUGE|RHC|HP ROUGE|RHP|HEURE WEEK-END',
);

/** Contracts. */
export const contracts = listOf(
  '!?!|*||BT 4 SUP36|BT 5 SUP36|HTA 5     |HTA 8     |TJ EJP    |TJ EJP-HH |TJ EJP-PM |TJ EJP-SD |TJ LU     ' +
    '|TJ LU-CH  |TJ LU-P   |TJ LU-PH  |TJ LU-SD  |TJ MU     |TV A5 BASE|TV A8 BASE|BASE|H PLEINE-CREUSE|HPHC|HC' +
    '|HC et Week-End|EJP|PRODUCTEUR',
);
