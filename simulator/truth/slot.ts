export interface SlotDescription {
  readonly id: string;
  readonly site: string;
  readonly paper: boolean;
  /** Share of summer guests in what is thrown in, 0 to 1. */
  readonly guestShare: number;
}
