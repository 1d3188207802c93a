/** What the browser measures of a call (getStats), put into a few numbers that a person can read. */

const PERIOD_MS = 1000;

/** Reports of a getStats result by type, those of sound alone where there are several kinds. */
function sorted(report) {
  const found = {};
  for (const entry of report.values()) {
    if ((entry.kind ?? "audio") === "audio") (found[entry.type] ??= []).push(entry);
  }
  return found;
}

const known = (value, text) => (Number.isFinite(value) ? text(value) : "–");
const ms = (seconds) => known(seconds, (s) => `${Math.round(1000 * s)} ms`);
const percent = (fraction) => known(fraction, (f) => `${(100 * Math.max(0, f)).toFixed(1)} %`);
const decibels = (level) => known(level, (l) => (l > 0.001 ? `−${Math.round(-20 * Math.log10(l))} dB` : "silent"));
const rate = (bytes, seconds) => known((8 * bytes) / seconds / 1000, (kbit) => `${Math.round(kbit)} kbit/s`);

/**
 * Read a getStats result, and the one before for what is counted over time.
 * Out is from here to the gateway, in from there to here. Returns text by name: see the table in index.html.
 */
export function read(report, before) {
  const now = sorted(report);
  const past = before ? sorted(before) : {};
  const [sent = {}] = now["outbound-rtp"] ?? [];
  const [received = {}] = now["inbound-rtp"] ?? [];
  const [told = {}] = now["remote-inbound-rtp"] ?? [];
  const [source = {}] = now["media-source"] ?? [];
  const [transport = {}] = now["transport"] ?? [];
  const pair = report.get(transport.selectedCandidatePairId) ?? {};
  const codec = (stream) => report.get(stream.codecId) ?? {};
  const name = (stream) => (codec(stream).mimeType ?? "–").replace("audio/", "");
  const passed = (stream, type) => (stream.timestamp - past[type]?.[0]?.timestamp) / 1000;
  const grown = (stream, type, field) => stream[field] - past[type]?.[0]?.[field];
  const lost = grown(received, "inbound-rtp", "packetsLost");
  const arrived = grown(received, "inbound-rtp", "packetsReceived");
  const kind = (id) => report.get(id)?.candidateType;
  const ways = { host: "direct", srflx: "direct, through NAT", prflx: "direct, through NAT", relay: "relayed" };
  const way = [kind(pair.localCandidateId), kind(pair.remoteCandidateId)];
  return {
    "round-trip": ms(pair.currentRoundTripTime),
    path: ways[way.includes("relay") ? "relay" : way[0]] ?? "–",
    "level-out": decibels(source.audioLevel),
    "level-in": decibels(received.audioLevel),
    "lost-out": percent(told.fractionLost),
    "lost-in": percent(arrived + lost > 0 ? lost / (arrived + lost) : received.packetsReceived > 0 ? 0 : NaN),
    "jitter-out": ms(told.jitter),
    "jitter-in": ms(received.jitter),
    "rate-out": rate(grown(sent, "outbound-rtp", "bytesSent"), passed(sent, "outbound-rtp")),
    "rate-in": rate(grown(received, "inbound-rtp", "bytesReceived"), passed(received, "inbound-rtp")),
    "codec-out": name(sent) + (/usedtx=1/.test(codec(sent).sdpFmtpLine) ? ", DTX" : ""),
    "codec-in": name(received),
  };
}

/** Fill the elements with data-stat under a node, once a second, until the returned function is called. */
export function diagnose(stats, node) {
  let before = null;
  const timer = setInterval(async () => {
    const report = await stats();
    for (const [name, text] of Object.entries(read(report, before))) {
      for (const cell of node.querySelectorAll(`[data-stat="${name}"]`)) cell.textContent = text;
    }
    before = report;
  }, PERIOD_MS);
  return () => clearInterval(timer);
}
