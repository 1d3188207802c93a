"""The caller leg over WebRTC: ICE, DTLS-SRTP, RTP and WHIP-style signalling."""
