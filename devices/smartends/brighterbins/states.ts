/** Subtype of type 3 that says that three more bits tell the type. */
export const extendedTypes = 7;

export const resetReasons = [
  'CLEARED',
  'POWER_OR_BROWNOUT',
  'WATCH_DOG',
  'SOFTWARE/OTHER_RESETS',
  'PIN_RESET',
  'CPU_LOCKUP',
  'SYS_OFF_GPIO',
  'VBUS',
  'SYS_OFF_LPCOM',
  'DEBUG_INTERFACE',
  'NFC',
  'SILENT_RESET_DOWNLINK',
  'RECOVERY_TIMEOUT',
  'RECOVERY_OVERFLOW',
  'RECOVERY_TIMEOUT_OVERFLOW',
] as const;

/** In the spelling of the source, which other systems show. */
export const downlinkValidities = [
  'DOWNLINK_NOT_RESEVED',
  'DOWNLINK_SUCCSESFUL',
  'DOWNLINK_BOUND_ERROR',
  'DOWNLINK_PROCESSING_FAILED',
] as const;

export const pickupAlerts = ['NONE', 'MOTION', 'FILL_LEVEL_PERCENTAGE', 'MOTION_AND_FILL_LEVEL'] as const;

export const transmitReasons = [
  'OTHER',
  'FIRST',
  'TIME_UPDATE',
  'BOTH_CHANGE',
  'POSITIV_CHANGE',
  'NEGATIVE_CHANGE',
  'TRANSMIT_INTERVAL',
  'MOTION_EVENT_BUFFER_FULL',
  'MOTION_EVENT_PICKUP',
  'MOTION_EVENT_FIRE_ALARM',
  'MOTION_EVENT_TAMPER',
] as const;
