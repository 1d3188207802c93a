"""The models that decide: where they are, which of them are in use, and what is known of each."""

from gateway.models.installed import (
    LivenessFiles,
    ModelError,
    Models,
    Progress,
    adapter_weights,
    assent_weights,
    boundary_weights,
    cache_folder,
    liveness_model,
    spacy_model,
    whisper_folder,
)

__all__ = [
    "LivenessFiles",
    "ModelError",
    "Models",
    "Progress",
    "adapter_weights",
    "assent_weights",
    "boundary_weights",
    "cache_folder",
    "liveness_model",
    "spacy_model",
    "whisper_folder",
]
