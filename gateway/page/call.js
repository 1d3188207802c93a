/**
 * One call to the gateway: microphone in, agent's voice out, signalling after RFC 9725 (WHIP).
 *
 * Knows nothing of the page. Tells what happens by events on itself:
 *   "event"   detail: one object of the gateway's live feed (gateway/events.py)
 *   "sound"   detail: MediaStream of the far end's voice
 *   "picture" detail: MediaStream of what the gateway lets pass of the caller's video
 *   "lost"    detail: a sentence for the user; the call is over
 */

const GATHERING_CAP_MS = 1000; // a candidate that takes longer is not worth the wait
const FEED_TRIES = 3; // refused connections of the live feed in a row before the gateway counts as gone

/** Something that went wrong, in a sentence for the user. */
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

/** Wait until the local description holds its candidates, or for the cap. */
function gathered(peer) {
  if (peer.iceGatheringState === "complete") return Promise.resolve();
  return new Promise((resolve) => {
    setTimeout(resolve, GATHERING_CAP_MS);
    peer.addEventListener("icegatheringstatechange", () => {
      if (peer.iceGatheringState === "complete") resolve();
    });
  });
}

export class Call extends EventTarget {
  #peer = new RTCPeerConnection();
  #stream;
  #location = null;
  #feed = null;
  #seen = new Set();
  #abort = new AbortController();

  /** Takes the captured stream over: it is stopped when the call is. */
  constructor(stream) {
    super();
    this.#stream = stream;
    for (const track of stream.getTracks()) this.#peer.addTrack(track, stream);
    this.#peer.addEventListener("track", ({ track }) => {
      if (track.kind === "audio") this.#tell("sound", new MediaStream([track]));
      else track.addEventListener("unmute", () => this.#tell("picture", new MediaStream([track])));
    });
    this.#peer.addEventListener("connectionstatechange", () => {
      if (this.#peer.connectionState === "failed") this.#lose("The connection to the gateway was lost.");
    });
  }

  /** Offer, send, answer. Throws CallError. */
  async dial() {
    await this.#peer.setLocalDescription();
    await gathered(this.#peer);
    const { signal } = this.#abort;
    if (signal.aborted) return;
    let response;
    try {
      response = await fetch("/v1/calls", {
        method: "POST",
        headers: { "Content-Type": "application/sdp", Accept: "application/sdp, application/problem+json" },
        body: this.#peer.localDescription.sdp,
        signal,
      });
    } catch (error) {
      if (signal.aborted) return;
      throw new CallError("The gateway does not answer. Check that it is running, then call again.");
    }
    if (response.status !== 201) throw new CallError(await problem(response));
    this.#location = new URL(response.headers.get("Location"), response.url);
    const sdp = await response.text();
    if (signal.aborted) return this.#release();
    try {
      await this.#peer.setRemoteDescription({ type: "answer", sdp });
    } catch {
      throw new CallError("The gateway’s answer cannot be used by this browser.");
    }
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

  get #tones() {
    return this.#peer.getSenders().find((sender) => sender.track?.kind === "audio")?.dtmf;
  }

  #release() {
    if (this.#location) fetch(this.#location, { method: "DELETE", keepalive: true }).catch(() => {});
    this.#location = null;
  }

  #follow() {
    let refused = 0;
    this.#feed = new EventSource(`${this.#location}/events`);
    this.#feed.addEventListener("open", () => (refused = 0));
    this.#feed.addEventListener("error", () => {
      refused += 1;
      if (refused >= FEED_TRIES) this.#lose("The gateway is gone: the call was cut off.");
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
