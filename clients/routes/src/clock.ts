/** Time handed in. The edge's clock is the same. */
export { systemTimerClock as systemRoutesClock, type TimerClock as RoutesClock } from "@tolldns/dns/clock";
