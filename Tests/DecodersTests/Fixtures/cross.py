"""Writes the golden folders of Cross models in `cross/`: towers of transformers' Llama, and bridges,
places, gates and heads as decision 22 states them, one document at a time and without any batching.

Versions: torch 2.13.0, transformers 5.23.0, safetensors 0.8.0. Run it here: python3 cross.py
Each folder holds a tiny model with random weights, none of them left at zero, and
`golden.safetensors`: for each document its tokens and logits.
"""

import json
import pathlib

import torch
import transformers
from safetensors.torch import save_file
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

HERE = pathlib.Path(__file__).parent
VOCABULARY, FIRST_IMAGE, CODES, ALT = 40, 30, (32, 39), 31
TOWERS = {
    "text": dict(hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2,
                 num_key_value_heads=1),
    "image": dict(hidden_size=24, intermediate_size=32, num_hidden_layers=3, num_attention_heads=3,
                  num_key_value_heads=3),
}
BOTH = {"text": "all", "image": "all"}
MODELS = {
    "keeping-text": dict(reads={"text": "own", "image": "all"}, attends={"text": "foreign", "image": "all"},
                         gate="vector", head="seeing", tied=True,
                         layers=[[0, 0], [0, 1], [1, 2]], direction="both"),
    "keeping-text-untied": dict(reads={"text": "own", "image": "all"}, attends={"text": "all", "image": "foreign"},
                                gate="none", head="own", tied=False,
                                layers=[[0, 0, "to-text"], [0, 1, "to-image"], [1, 2, "both"]], direction=None),
    "reading-own": dict(reads={"text": "own", "image": "own"}, attends={"text": "foreign", "image": "foreign"},
                        gate="scalar", head="concatenated", tied=False,
                        layers=[[0, 0], [1, 2]], direction="both"),
    "attending-foreign": dict(reads=BOTH, attends={"text": "foreign", "image": "foreign"},
                              gate="none", head="seeing", tied=False,
                              layers=[[0, 1], [1, 2]], direction="both"),
    "seeing": dict(reads=BOTH, attends=BOTH, gate="none", head="seeing", tied=True,
                   layers=[[0, 1], [1, 2]], direction="both"),
    "writing-drawn": dict(reads={"text": "own", "image": "all"}, attends={"text": "foreign", "image": "all"},
                          gate="none", head="seeing", tied=True, writes="drawn",
                          layers=[[0, 0], [0, 1], [1, 2]], direction="both"),
}
DOCUMENTS = {
    "mixed": [3, 17, 8, 30, 32, 35, 39, 33, 5, 29, 31, 1, 30, 38, 34, 2, 11],
    "image_first": [30, 33, 36, 9, 4, 4, 21],
    "text": [1, 2, 3, 5, 8, 13, 21],
    "image": [32, 36, 34, 39],
    "described": [3, 30, 5, 31, 8, 13, 30, 33, 36, 2],
    "drawn_again": [3, 33, 5, 31, 8, 30, 33, 36, 30, 2, 7, 35, 4, 31, 9, 30, 38, 6],
    "drawn_then_shown": [3, 31, 5, 30, 33, 36, 2, 30, 35, 38, 7, 2],
    "adjacent": [3, 31, 5, 12, 30, 33, 36, 30, 30, 35, 30, 7, 2],
}


def is_image(token):
    return token >= FIRST_IMAGE


def is_code(token):
    return CODES[0] <= token <= CODES[1]


def describes(tokens):
    """Whether the last token is in an alternative text: no other image token came after its beginning."""
    return next((token == ALT for token in reversed(tokens) if is_image(token)), False)


def drawn(tokens):
    """Which tokens describe or draw an image: from <alt> until text follows the image's codes."""
    flags, is_open, has_codes = [], False, False
    for token in tokens:
        if token == ALT:
            is_open, has_codes = True, False
        elif is_open and is_code(token):
            has_codes = True
        elif has_codes and not is_image(token):
            is_open = has_codes = False
        flags.append(is_open)
    return flags


def weighs_words(tokens):
    """Whether an image without an alternative text precedes the last token's end, or no text follows an image
    with one."""
    flags = drawn(tokens)
    if any(is_code(token) and not is_drawn for token, is_drawn in zip(tokens, flags)):
        return True
    begin = max((place for place, token in enumerate(tokens) if token == ALT), default=len(tokens))
    return flags[-1] and any(is_code(token) for token in tokens[begin:])


class Cross:
    def __init__(self, name, seed):
        self.spec = MODELS[name]
        torch.manual_seed(seed)
        tied = self.spec["tied"]
        self.configs = {
            tower: transformers.LlamaConfig(vocab_size=VOCABULARY, max_position_embeddings=64,
                                            tie_word_embeddings=tied, attn_implementation="eager", **sizes)
            for tower, sizes in TOWERS.items()
        }
        self.models = {t: transformers.LlamaModel(c).double().eval() for t, c in self.configs.items()}
        self.weights = {}
        for tower, model in self.models.items():
            for key, value in model.named_parameters():
                value.data = torch.randn_like(value) * 0.3 + ("norm" in key)
                # What is written is what is computed with.
                value.data = value.data.float().double()
                self.weights[f"towers.{tower}.model.{key}"] = value.data
        width = {t: c.hidden_size for t, c in self.configs.items()}
        for index, place in enumerate(self.spec["layers"]):
            direction = self.spec["direction"] or place[2]
            for tower, other in [("text", "image"), ("image", "text")]:
                if direction not in ("both", f"to-{tower}"):
                    continue
                config, path = self.configs[tower], f"bridges.{index}.to_{tower}"
                heads, keys, size = config.num_attention_heads, config.num_key_value_heads, config.head_dim
                self.add(f"{path}.q_proj.weight", heads * size, width[tower])
                self.add(f"{path}.k_proj.weight", keys * size, width[other])
                self.add(f"{path}.v_proj.weight", keys * size, width[other])
                self.add(f"{path}.o_proj.weight", width[tower], heads * size)
                self.add(f"{path}.input_norm.weight", width[tower], mean=1)
                self.add(f"{path}.source_norm.weight", width[other], mean=1)
                if self.spec["gate"] != "none":
                    self.add(f"{path}.gate", 1 if self.spec["gate"] == "scalar" else width[tower])
        head, both = self.spec["head"], width["text"] + width["image"]
        own = head in ("own", "seeing")
        self.add("lm_head.weight", VOCABULARY - (FIRST_IMAGE if own else 0), both)
        if own and not tied:
            self.add("towers.text.lm_head.weight", FIRST_IMAGE, width["text"])
        if head == "seeing":
            if not tied:
                self.add("towers.image.lm_head.weight", FIRST_IMAGE, width["image"])
            # Small, so that the logits are as large as in the other models.
            self.add("lm_head.gate.weight", 2, both, deviation=0.05)
            self.add("lm_head.gate.bias", 2)

    def add(self, name, *shape, mean=0, deviation=0.3):
        self.weights[name] = (torch.randn(*shape, dtype=torch.float64) * deviation + mean).float().double()

    def table(self, tower):
        name = "model.embed_tokens.weight" if self.spec["tied"] else "lm_head.weight"
        return self.weights[f"towers.{tower}.{name}"][:FIRST_IMAGE]

    def layer(self, tower, index, x):
        """One layer over the tokens that a tower reads, side by side."""
        model, count = self.models[tower], x.shape[0]
        positions = torch.arange(count)[None]
        mask = torch.full((count, count), float("-inf"), dtype=x.dtype).triu(1)[None, None]
        rotations = model.rotary_emb(x[None], positions)
        out = model.layers[index](x[None], attention_mask=mask, position_ids=positions,
                                  position_embeddings=rotations)
        return (out[0] if isinstance(out, tuple) else out).reshape(x.shape)

    def norm(self, x, weight, epsilon):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + epsilon) * weight

    def bridge(self, index, tower, other, states, places, tokens):
        """What each token that a tower reads takes from the other tower; zero where there is nothing."""
        path, config = f"bridges.{index}.to_{tower}", self.configs[tower]
        weight = lambda name: self.weights[f"{path}.{name}"]
        foreign = self.spec["attends"][tower] == "foreign"
        wanted = is_code if tower == "text" else lambda token: not is_image(token)
        keys = [i for i, place in enumerate(places[other]) if not foreign or wanted(tokens[place])]
        out = torch.zeros_like(states[tower])
        heads, size = config.num_attention_heads, config.head_dim
        groups = heads // config.num_key_value_heads
        model = self.models[tower]
        for query, place in enumerate(places[tower]):
            seen = [i for i in keys if places[other][i] <= place]
            if not seen or tower == "image" and "writes" in self.spec and not drawn(tokens)[place]:
                continue
            x = self.norm(states[tower][query:query + 1], weight("input_norm.weight"), config.rms_norm_eps)
            y = self.norm(states[other][seen], weight("source_norm.weight"), config.rms_norm_eps)
            q = (x @ weight("q_proj.weight").T).view(1, 1, heads, size).transpose(1, 2)
            k = (y @ weight("k_proj.weight").T).view(1, len(seen), -1, size).transpose(1, 2)
            v = (y @ weight("v_proj.weight").T).view(1, len(seen), -1, size).transpose(1, 2)
            cos, sin = model.rotary_emb(q, torch.tensor([[place]]))
            q, _ = apply_rotary_pos_emb(q, q, cos, sin)
            cos, sin = model.rotary_emb(k, torch.tensor([[places[other][i] for i in seen]]))
            k, _ = apply_rotary_pos_emb(k, k, cos, sin)
            k, v = k.repeat_interleave(groups, 1), v.repeat_interleave(groups, 1)
            shares = torch.softmax(q @ k.transpose(2, 3) / size**0.5, -1)
            taken = (shares @ v).transpose(1, 2).reshape(1, -1) @ weight("o_proj.weight").T
            if f"{path}.gate" in self.weights:
                taken = taken * torch.tanh(weight("gate"))
            out[query] = taken[0]
        return out

    @torch.no_grad()
    def logits(self, tokens):
        places, states, done = {}, {}, {"text": 0, "image": 0}
        for tower, model in self.models.items():
            own = self.spec["reads"][tower] == "own"
            places[tower] = [i for i, t in enumerate(tokens) if not own or is_image(t) == (tower == "image")]
            states[tower] = model.embed_tokens(torch.tensor([tokens[i] for i in places[tower]], dtype=torch.long))

        def run(tower, end):
            for index in range(done[tower], end):
                if places[tower]:
                    states[tower] = self.layer(tower, index, states[tower])
            done[tower] = max(done[tower], end)

        for index, place in enumerate(self.spec["layers"]):
            run("text", place[0] + 1)
            run("image", place[1] + 1)
            direction = self.spec["direction"] or place[2]
            taken = {
                tower: self.bridge(index, tower, other, states, places, tokens)
                for tower, other in [("text", "image"), ("image", "text")]
                if direction in ("both", f"to-{tower}")
            }
            for tower in taken:
                states[tower] = states[tower] + taken[tower]
        final = {}
        for tower, config in self.configs.items():
            run(tower, config.num_hidden_layers)
            normed = self.models[tower].norm(states[tower]) if places[tower] else None
            rows, last = [], torch.zeros(config.hidden_size, dtype=torch.float64)
            for i in range(len(tokens)):
                if i in places[tower]:
                    last = normed[places[tower].index(i)]
                rows.append(last)
            final[tower] = torch.stack(rows)
        both = torch.cat([final["text"], final["image"]], 1)
        joint = both @ self.weights["lm_head.weight"].T
        if self.spec["head"] == "concatenated":
            return joint
        text = final["text"] @ self.table("text").T
        if self.spec["head"] == "seeing":
            gate = both @ self.weights["lm_head.gate.weight"].T + self.weights["lm_head.gate.bias"]
            for i in range(len(tokens)):
                if describes(tokens[:i + 1]):
                    gate[i] = torch.tensor([0, 1])
                elif not weighs_words(tokens[:i + 1]):
                    gate[i] = 0
            text = text * (1 + gate[:, :1]) + gate[:, 1:] * (final["image"] @ self.table("image").T)
        return torch.cat([text, joint], 1)

    def config(self):
        bridges = {"layers": self.spec["layers"], "norms": "own"}
        if self.spec["direction"]:
            bridges["direction"] = self.spec["direction"]
        bridges["attends"] = self.spec["attends"]
        if "writes" in self.spec:
            bridges["writes"] = self.spec["writes"]
        if self.spec["gate"] != "none":
            bridges["gate"] = self.spec["gate"]
        towers = {}
        for tower, sizes in TOWERS.items():
            towers[tower] = dict(architectures=["LlamaForCausalLM"], model_type="llama", vocab_size=VOCABULARY,
                                 max_position_embeddings=64, rope_theta=10000.0, rms_norm_eps=1e-6,
                                 tie_word_embeddings=self.spec["tied"], hidden_act="silu", **sizes)
        return dict(architectures=["JamCrossForCausalLM"], model_type="jam_cross", vocab_size=VOCABULARY,
                    towers=towers, bridges=bridges, head=self.spec["head"], embeddings="per_tower",
                    tie_word_embeddings=False, reads=self.spec["reads"],
                    image_tokens=[[FIRST_IMAGE, VOCABULARY - 1]], image_codes=list(CODES), alt_token=ALT, torch_dtype="float32")


for seed, name in enumerate(MODELS):
    model = Cross(name, seed)
    folder = HERE / "cross" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(model.config(), indent=1) + "\n")
    save_file({k: v.float().contiguous() for k, v in model.weights.items()}, folder / "model.safetensors",
              metadata={"format": "pt"})
    golden = {}
    for key, tokens in DOCUMENTS.items():
        golden[f"{key}.tokens"] = torch.tensor([tokens])
        golden[f"{key}.logits"] = model.logits(tokens).float().contiguous()[None]
    save_file(golden, folder / "golden.safetensors")
    print(name, {k: tuple(v.shape) for k, v in golden.items() if k.endswith("logits")})
