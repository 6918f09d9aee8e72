/** Records as people write them: zone files (RFC 1035, section 5), to the wire form that routes hold, and back. */
export { parseIpv4, parseIpv6 } from "./address.ts";
export { formatData, RECORD_TYPES, typeName, typeNumber } from "./data.ts";
export { ZONE_ERRORS, type ZoneErrors } from "./errors.ts";
export { formatName } from "./name.ts";
export { DEFAULT_TTL, formatRecord, formatZone, parseZone, type Zone, type ZoneRecord } from "./zone.ts";
