/** A DevEUI as people write it, with blanks, hyphens, colons or capitals, as the API knows it. */
export const normalizeDevEui = (text: string): string => text.toLowerCase().replaceAll(/[\s:-]/g, '');
