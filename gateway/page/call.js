/**
 * One call to the gateway: microphone in, agent's voice out, signalling after RFC 9725 (WHIP).
 *
 * Knows nothing of the page. Tells what happens by events on itself:
 *   "event"   detail: one object of the gateway's live feed (gateway/events.py)
 *   "sound"   detail: MediaStream of the far end's voice
 *   "picture" detail: MediaStream of what the gateway lets pass of the caller's video
 *   "mending" detail: whether the connection is broken and being restored
 *   "lost"    detail: a sentence for the user; the call is over
 */

const TRICKLE_MS = 50; // candidates that come within this go together
const LOST_AFTER_MS = 30_000; // the gateway, too, waits that long for who is not heard (RFC 7675)
const MEND_EVERY_MS = 4000;

const SDP = "application/sdp";
const FRAGMENT = "application/trickle-ice-sdpfrag";

/** Something that went wrong, in a sentence for the user; with the HTTP `status` of the gateway's refusal, if it was one. */
export class CallError extends Error {}

/**
 * Ask for the microphone, and the camera if wanted.
 * `untouched` switches the browser's own processing off, so that a recorded voice arrives as it is.
 */
export async function capture({ camera, untouched }) {
  if (!navigator.mediaDevices) {
    throw new CallError("The browser gives the microphone only to pages served over HTTPS or from this computer.");
  }
  const audio = {
    echoCancellation: !untouched,
    noiseSuppression: !untouched,
    autoGainControl: !untouched,
  };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio, video: camera && { width: 640, height: 480 } });
  } catch (error) {
    const what = camera ? "microphone and camera" : "microphone";
    const words = {
      NotAllowedError: `No permission to use your ${what}. Allow it in the browser’s settings for this site, then call again.`,
      NotFoundError: `No ${what} found. Connect one, then call again.`,
      NotReadableError: `Your ${what} cannot be opened: another program may be using it.`,
    };
    throw new CallError(words[error.name] ?? `Your ${what} cannot be used (${error.name}).`);
  }
}

/** Read a problem document (RFC 9457) as one sentence. */
async function problem(response) {
  const body = await response.json().catch(() => ({}));
  return body.detail ?? body.title ?? `The gateway refused the call (HTTP ${response.status}).`;
}

const refusal = async (response) => Object.assign(new CallError(await problem(response)), { status: response.status });

/** Ask for silence to be left out of the Opus streams of an offer, or not (RFC 7587, 6.1). */
function withDtx(sdp, on) {
  const [, opus] = /^a=rtpmap:(\d+) opus.48000/im.exec(sdp) ?? [];
  return sdp.replace(new RegExp(`^(a=fmtp:${opus} .*?)(?:;usedtx=\\d)?$`, "m"), on ? "$1;usedtx=1" : "$1");
}

/** Read the ICE servers of a reply's Link header (RFC 9725, 4.6). */
function iceServers(response) {
  const links = (response.headers.get("Link") ?? "").matchAll(/<([^>]+)>((?:\s*;\s*[\w-]+="?[^",;]*"?)*)/g);
  return [...links].flatMap(([, urls, rest]) => {
    const { rel, username, credential } = Object.fromEntries(
      [...rest.matchAll(/([\w-]+)="?([^",;]*)"?/g)].map(([, name, value]) => [name.toLowerCase(), value]),
    );
    return rel === "ice-server" ? [{ urls, username, credential }] : [];
  });
}

export class Call extends EventTarget {
  #peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  #stream;
  #location = null;
  #etag = "";
  #dtx = false;
  #token = "";
  #feed = null;
  #seen = new Set();
  #abort = new AbortController();
  #candidates = [];
  #trickling = 0;
  #stood = false;
  #mending = false;
  #negotiating = Promise.resolve();

  /** Takes the captured stream over: it is stopped when the call is. `token` is the bearer token that admits to a call. */
  constructor(stream, { dtx = false, token = "" } = {}) {
    super();
    this.#stream = stream;
    this.#dtx = dtx;
    this.#token = token;
    const peer = this.#peer;
    for (const track of stream.getTracks()) peer.addTrack(track, stream);
    peer.addEventListener("track", ({ track }) => {
      if (track.kind === "audio") this.#tell("sound", new MediaStream([track]));
      else track.addEventListener("unmute", () => this.#tell("picture", new MediaStream([track])));
    });
    peer.addEventListener("icecandidate", ({ candidate }) => this.#trickle(candidate));
    peer.addEventListener("connectionstatechange", () => {
      if (peer.connectionState === "connected") this.#stood = true;
      else if (peer.connectionState === "failed" && !this.#stood) this.#lose("The gateway cannot be reached from this network.");
      else if (["disconnected", "failed"].includes(peer.connectionState)) this.#mend();
    });
    for (const network of [window, navigator.connection]) {
      const name = network === window ? "online" : "change";
      network?.addEventListener(name, () => this.#stood && this.#mend(), { signal: this.#abort.signal });
    }
  }

  /** Offer, send, answer. Throws CallError. */
  async dial() {
    const { signal } = this.#abort;
    const answered = await this.#offer({}, async (body) => {
      const headers = { "Content-Type": SDP, Accept: `${SDP}, application/problem+json` };
      if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
      const response = await fetch("/v1/calls", { method: "POST", headers, body, signal }).catch(() => null);
      if (signal.aborted) return null;
      if (!response) throw new CallError("The gateway does not answer. Check that it is running, then call again.");
      if (response.status !== 201) throw await refusal(response);
      this.#location = new URL(response.headers.get("Location"), response.url);
      if (signal.aborted) this.#release();
      return response;
    });
    if (!answered) return;
    this.#trickle();
    this.#follow();
  }

  /** End the call from this side, whatever stage it is in. Also fit for a page that goes away. */
  hangUp() {
    this.#abort.abort();
    this.#release();
    this.close();
  }

  /** Free everything on this side without telling the gateway (it knows, or is gone). */
  close() {
    this.#abort.abort();
    this.#feed?.close();
    this.#peer.close();
    for (const track of this.#stream.getTracks()) track.stop();
  }

  /** Switch the microphone ("audio") or camera ("video") within the call. */
  enable(kind, on) {
    for (const track of this.#stream.getTracks()) if (track.kind === kind) track.enabled = on;
  }

  /** Tell whether the gateway takes keys as RFC 4733 events; known some time after the connection is up. */
  get takesKeys() {
    return this.#tones?.canInsertDTMF ?? false;
  }

  /** Press a key. */
  press(digit) {
    // Inserting replaces what is still to be sent, so keys pressed fast are carried along.
    this.#tones.insertDTMF(this.#tones.toneBuffer + digit, 160, 70);
  }

  /** Demand something of the gateway: one of `gateway.answers.Demand`. Throws CallError. */
  async demand(demand) {
    const response = await fetch(`${this.#location}/demands`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json, application/problem+json" },
      body: JSON.stringify({ demand }),
    }).catch(() => null);
    if (!response) throw new CallError("The gateway does not answer. Say it, or hang up: then nothing more is passed on.");
    if (!response.ok) throw new CallError(await problem(response));
  }

  /** Leave out silence, in both directions, or not. Throws CallError. */
  async leaveOutSilence(on) {
    this.#dtx = on;
    await this.#renegotiate();
  }

  /** What the browser measures: see diagnostics.js. */
  stats() {
    return this.#peer.getStats();
  }

  get #tones() {
    return this.#peer.getSenders().find((sender) => sender.track?.kind === "audio")?.dtmf;
  }

  #release() {
    if (this.#location) fetch(this.#location, { method: "DELETE", keepalive: true }).catch(() => {});
    this.#location = null;
  }

  /**
   * Make an offer and apply the answer that `send` brings, a response, or nothing when the call is over. Candidates
   * are looked for only then: the gateway has named the servers to ask, and knows the ICE session they belong to.
   */
  async #offer(options, send) {
    const offer = await this.#peer.createOffer(options);
    const response = await send(withDtx(offer.sdp, this.#dtx));
    const sdp = await response?.text();
    if (!response || this.#abort.signal.aborted) return false;
    this.#etag = response.headers.get("ETag") ?? this.#etag;
    const servers = iceServers(response);
    if (servers.length) this.#peer.setConfiguration({ ...this.#peer.getConfiguration(), iceServers: servers });
    try {
      await this.#peer.setLocalDescription(offer);
      await this.#peer.setRemoteDescription({ type: "answer", sdp });
    } catch {
      throw new CallError("The gateway’s answer cannot be used by this browser.");
    }
    return true;
  }

  /** Offer anew within the call, one at a time; restarting ICE or not. Throws CallError, with `status` if there is one. */
  #renegotiate(options = {}) {
    const send = async (body) => {
      // Any ICE session: the answer to an earlier restart may have been lost with the network.
      const response = await this.#patch(SDP, body, "*");
      if (response?.ok !== false) return response;
      throw await refusal(response);
    };
    const done = this.#negotiating.then(() => this.#offer(options, send));
    this.#negotiating = done.catch(() => {});
    return done;
  }

  async #patch(kind, body, etag) {
    if (!this.#location) return null;
    const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(MEND_EVERY_MS)]);
    const headers = { "Content-Type": kind, "If-Match": etag };
    return fetch(this.#location, { method: "PATCH", headers, body, signal }).catch(() => null);
  }

  /** Tell the gateway of a candidate, or of their end, with those that come about the same time (RFC 8840). */
  #trickle(candidate) {
    if (candidate) this.#candidates.push(candidate);
    if (!this.#location || !this.#candidates.length || this.#trickling) return;
    this.#trickling = setTimeout(() => {
      this.#trickling = 0;
      const sdp = this.#peer.localDescription?.sdp ?? "";
      const credential = (name) => new RegExp(`^a=${name}:(.*)$`, "m").exec(sdp)?.[1].trim();
      const own = this.#candidates.splice(0).filter((c) => c.usernameFragment === credential("ice-ufrag"));
      if (!own.length) return;
      const lines = ["ice-ufrag", "ice-pwd"].map((name) => `a=${name}:${credential(name)}`);
      const isEnd = (c) => !c.candidate;
      for (const c of own.filter((c) => !isEnd(c))) lines.push(`a=mid:${c.sdpMid}`, `a=${c.candidate}`);
      if (own.some(isEnd)) lines.push("a=end-of-candidates");
      this.#patch(FRAGMENT, lines.join("\r\n") + "\r\n", this.#etag);
    }, TRICKLE_MS);
  }

  /** Restart ICE until the connection stands again, or is given up. */
  async #mend() {
    const { signal } = this.#abort;
    if (this.#mending || signal.aborted) return;
    this.#mending = true;
    this.#tell("mending", true);
    const until = Date.now() + LOST_AFTER_MS;
    let gone = false;
    do {
      const tried = Date.now();
      const restarted = await this.#renegotiate({ iceRestart: true }).catch((error) => ((gone = error.status === 404), false));
      if (gone || signal.aborted || (restarted && (await this.#stands()))) break;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, tried + MEND_EVERY_MS - Date.now())));
    } while (Date.now() < until && !signal.aborted);
    this.#mending = false;
    if (signal.aborted) return;
    this.#tell("mending", false);
    if (gone) this.#lose("The gateway is gone, or does not know this call any more.");
    else if (this.#peer.connectionState !== "connected") this.#lose("The connection to the gateway was lost.");
  }

  /** Wait, not for long, and tell whether the connection stands. */
  async #stands() {
    const peer = this.#peer;
    if (peer.connectionState === "connected") return true;
    return new Promise((resolve) => {
      const done = new AbortController();
      const settle = () => (done.abort(), resolve(peer.connectionState === "connected"));
      setTimeout(settle, MEND_EVERY_MS);
      const look = () => peer.connectionState === "connected" && settle();
      peer.addEventListener("connectionstatechange", look, { signal: done.signal });
    });
  }

  #follow() {
    this.#feed = new EventSource(`${this.#location}/events`);
    this.#feed.addEventListener("error", () => {
      // Otherwise it comes back by itself; whether the gateway does is seen by the media.
      if (this.#feed.readyState === EventSource.CLOSED) this.#lose("The gateway is gone: the call was cut off.");
    });
    this.#feed.addEventListener("message", ({ data }) => {
      const event = JSON.parse(data);
      if (event.type !== "held") {
        if (this.#seen.has(data)) return; // a reconnected feed tells the past again
        this.#seen.add(data);
      }
      this.#tell("event", event);
    });
  }

  #lose(sentence) {
    this.hangUp();
    this.#tell("lost", sentence);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
