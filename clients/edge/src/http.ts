/**
 * Node's HTTP without its module namespace: importing `node:http` evaluates every export, WebSocket among them, and so loads
 * 5 MB that nothing here uses (decision 0072).
 */
export const http = process.getBuiltinModule("node:http");
export const https = process.getBuiltinModule("node:https");
