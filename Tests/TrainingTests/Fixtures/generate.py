"""Five steps of training by PyTorch and transformers, for OptimizerParityTests.

torch 2.13.0, transformers 5.23, safetensors 0.8. Run in this folder: python3 generate.py
"""

import json
import math

import torch
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM

torch.manual_seed(0)
config = LlamaConfig(
    vocab_size=65,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=64,
    tie_word_embeddings=False,
    rms_norm_eps=1e-5,
    initializer_range=0.2,
)
model = LlamaForCausalLM(config).float()
save_file({k: v.contiguous() for k, v in model.state_dict().items()}, "model.safetensors")

END = 43
texts = ["abcabcabc", "hello", "zyxwvutsrqponm", "a", "trainingtraining", "qqqq"]
rows = [[END] + [ord(c) - 97 for c in text] + [END] for text in texts]

matrices, others = [], []
for name, parameter in model.named_parameters():
    is_matrix = name.endswith("_proj.weight")
    (matrices if is_matrix else others).append(parameter)
PEAK, WARM_UP, STEPS, FLOOR, CLIP = 1e-2, 2, 5, 0.1, 0.5
BEGINNING = {k: v.clone() for k, v in model.state_dict().items()}

# PyTorch orthogonalizes in bfloat16, whose rounding would hide small mistakes.
torch.Tensor.bfloat16 = torch.Tensor.float


def optimizers(method):
    adamw = dict(lr=1.0, betas=(0.9, 0.95), eps=1e-8)
    plain = {"params": others, "weight_decay": 0.0}
    if method == "adamw":
        return [torch.optim.AdamW([{"params": matrices, "weight_decay": 0.1}, plain], **adamw)]
    muon = torch.optim.Muon(
        matrices, lr=1.0, weight_decay=0.1, momentum=0.95, adjust_lr_fn="match_rms_adamw"
    )
    return [muon, torch.optim.AdamW([plain], **adamw)]


def rate(done):
    if done < WARM_UP:
        return PEAK * (done + 1) / WARM_UP
    progress = (done - WARM_UP) / max(1, STEPS - 1 - WARM_UP)
    return PEAK * (FLOOR + (1 - FLOOR) * 0.5 * (1 + math.cos(math.pi * progress)))


def train(method):
    model.load_state_dict(BEGINNING)
    both = optimizers(method)
    losses, norms = [], []
    for step in range(STEPS):
        total = sum(len(row) - 1 for row in rows)
        loss = 0
        for row in rows:
            tokens = torch.tensor([row])
            logits = model(input_ids=tokens[:, :-1]).logits
            loss = loss + torch.nn.functional.cross_entropy(
                logits[0], tokens[0, 1:], reduction="sum"
            )
        loss = loss / total
        model.zero_grad()
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP).item())
        for optimizer in both:
            for group in optimizer.param_groups:
                group["lr"] = rate(step)
            optimizer.step()
        losses.append(loss.item())
    save_file(
        {k: v.contiguous() for k, v in model.state_dict().items()}, f"after-{method}.safetensors"
    )
    return {"losses": losses, "norms": norms}


golden = {"texts": texts} | {method: train(method) for method in ("adamw", "muon")}
with open("golden.json", "w") as file:
    json.dump(golden, file, indent=1)
