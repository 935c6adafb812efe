/** Spreading factors by their code. */
export const spreadingFactors = {
  0: 'SF12BW125',
  1: 'SF11BW125',
  2: 'SF10BW125',
  3: 'SF9BW125',
  4: 'SF8BW125',
  5: 'SF7BW125',
  6: 'SF7BW250',
};
