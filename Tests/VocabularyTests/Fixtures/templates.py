"""Writes `templates/` with the reference implementation: jinja2 3.1.6 as transformers 5.23.0 sets it up.

    python3 templates.py

templates/NAME.jinja         chat templates in the manner of the families, written for these tests
templates/conversations.json conversations and tools
templates/golden.json        what each template makes of each conversation, or that it refuses it
templates/marked.json        where the generation blocks of templates stand
templates/expressions.json   small templates, each with what it prints or that it fails
"""

import json
import pathlib

import jinja2
import transformers
from transformers.utils import chat_template_utils

HERE = pathlib.Path(__file__).parent
OUTPUT = HERE / "templates"

TEMPLATES = {}

TEMPLATES["instructions"] = """\
{%- if messages[0]['role'] == 'system' -%}
    {%- set opening = '<<SYS>>\\n' + messages[0]['content'] + '\\n<</SYS>>\\n\\n' -%}
    {%- set turns = messages[1:] -%}
{%- else -%}
    {%- set opening = '' -%}
    {%- set turns = messages -%}
{%- endif -%}
{%- for turn in turns -%}
    {%- if (turn['role'] == 'user') != (loop.index0 % 2 == 0) -%}
        {{ raise_exception('turns have to alternate: user, assistant, user, …; found ' ~ turn.role ~ ' at ' ~ loop.index) }}
    {%- endif -%}
    {%- set text = opening + turn['content'] if loop.first else turn['content'] -%}
    {%- if turn['role'] == 'user' -%}
        {{- bos_token + '[INST] ' + text.strip() + ' [/INST]' -}}
    {%- elif turn['role'] == 'assistant' -%}
        {{- ' ' ~ text.strip() ~ ' ' ~ eos_token -}}
    {%- endif -%}
{%- endfor -%}
"""

TEMPLATES["headers"] = """\
{{- bos_token }}
{%- set system = none %}
{%- if messages and messages[0].role == "system" %}
    {%- set system = messages[0].content | trim %}
    {%- set messages = messages[1:] %}
{%- endif %}
{%- macro head(role) %}{{ "<|start_header_id|>" ~ role ~ "<|end_header_id|>\\n\\n" }}{% endmacro %}
{{- head("system") }}
{%- if tools is not none %}
    {{- "Environment: ipython\\n" }}
{%- endif %}
{{- "Cutting Knowledge Date: December 2023\\nToday Date: " + strftime_now("%d %b %Y") + "\\n\\n" }}
{%- if tools is not none %}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\\n\\n" }}
    {%- endfor %}
{%- endif %}
{{- (system or "") + "<|eot_id|>" }}
{%- for message in messages %}
    {%- if message.tool_calls is defined and message.tool_calls %}
        {%- if not message.tool_calls | length == 1 %}
            {{- raise_exception("one tool call at a time") }}
        {%- endif %}
        {%- set call = message.tool_calls[0].function %}
        {{- head("assistant") }}
        {{- '{"name": "' + call.name + '", ' }}
        {{- '"parameters": ' }}
        {{- call.arguments | tojson }}
        {{- "}<|eot_id|>" }}
    {%- elif message.role in ["tool", "ipython"] %}
        {{- head("ipython") }}
        {%- if message.content is mapping or (message.content is iterable and message.content is not string) %}
            {{- message.content | tojson }}
        {%- else %}
            {{- message.content }}
        {%- endif %}
        {{- "<|eot_id|>" }}
    {%- else %}
        {{- head(message.role) + (message.content or '') | trim + '<|eot_id|>' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- head("assistant") }}
{%- endif %}
"""

TEMPLATES["alternating"] = """\
{%- set ns = namespace(index=0, last_user=-1) %}
{%- set loop_messages = messages[1:] if messages[0]["role"] == "system" else messages %}
{%- for message in loop_messages | selectattr("role", "equalto", "user") | list %}{% set ns.last_user = loop.index0 %}{% endfor %}
{%- for message in loop_messages if message.role in ("user", "assistant") and not message.get("tool_calls") %}
    {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}
        {{- raise_exception("After the optional system message, roles must alternate user and assistant!") }}
    {%- endif %}
    {%- set ns.index = ns.index + 1 %}
{%- endfor %}
{{- bos_token }}
{%- set users = namespace(seen=-1) %}
{%- for message in loop_messages %}
    {%- if message["role"] == "user" %}
        {%- set users.seen = users.seen + 1 %}
        {%- if tools is not none and users.seen == ns.last_user %}
            {{- "[AVAILABLE_TOOLS] [" }}
            {%- for tool in tools %}
                {%- set tool = tool.function %}
                {{- '{"type": "function", "function": {' }}
                {%- for key, val in tool.items() if key != "return" %}
                    {%- if val is string %}
                        {{- '"' + key + '": "' + val + '"' }}
                    {%- else %}
                        {{- '"' + key + '": ' + val|tojson }}
                    {%- endif %}
                    {%- if not loop.last %}{{- ", " }}{%- endif %}
                {%- endfor %}
                {{- "}}" }}
                {%- if not loop.last %}{{- ", " }}{%- else %}{{- "]" }}{%- endif %}
            {%- endfor %}
            {{- "[/AVAILABLE_TOOLS]" }}
        {%- endif %}
        {%- if loop.last and messages[0].role == "system" %}
            {{- "[INST] " + messages[0].content + "\\n\\n" + message["content"] + "[/INST]" }}
        {%- else %}
            {{- "[INST] " + message["content"] + "[/INST]" }}
        {%- endif %}
    {%- elif message.tool_calls is defined and message.tool_calls is not none %}
        {{- "[TOOL_CALLS] [" }}
        {%- for tool_call in message.tool_calls %}
            {%- set out = tool_call.function|tojson %}
            {{- out[:-1] }}
            {%- if tool_call.id is not defined or tool_call.id|length != 9 %}{{- raise_exception("Tool call IDs should be alphanumeric strings with length 9!") }}{%- endif %}
            {{- ', "id": "' + tool_call.id + '"}' }}
            {%- if not loop.last %}{{- ", " }}{%- else %}{{- "]" + eos_token }}{%- endif %}
        {%- endfor %}
    {%- elif message["role"] == "assistant" %}
        {{- " " + message["content"]|trim + eos_token }}
    {%- elif message["role"] == "tool" %}
        {{- '[TOOL_RESULTS] {"content": ' + message.content|string + ", " }}
        {{- '"call_id": "' + message.tool_call_id|default("none") + '"}[/TOOL_RESULTS]' }}
    {%- else %}
        {{- raise_exception("Only user, assistant and tool roles are supported, not " + message["role"] + "!") }}
    {%- endif %}
{%- endfor %}
"""

TEMPLATES["marked"] = """\
{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- if messages[0].role == 'system' %}
        {{- messages[0].content + '\\n\\n' }}
    {%- endif %}
    {{- "# Tools\\n\\nYou may call one or more of these functions:\\n<tools>" }}
    {%- for tool in tools %}
        {{- "\\n" }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- "\\n</tools><|im_end|>\\n" }}
{%- else %}
    {%- if messages[0].role == 'system' %}
        {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
    {%- endif %}
{%- endif %}
{%- set ns = namespace(multi_step=true, last=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi_step and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set ns.multi_step = false %}
        {%- set ns.last = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.content is string %}
        {%- set content = message.content %}
    {%- else %}
        {%- set content = '' %}
    {%- endif %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
        {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {%- set thought = '' %}
        {%- if message.reasoning_content is string %}
            {%- set thought = message.reasoning_content %}
        {%- else %}
            {%- if '</think>' in content %}
                {%- set thought = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
                {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
            {%- endif %}
        {%- endif %}
        {%- if loop.index0 > ns.last and (loop.last or (not loop.last and thought)) %}
            {{- '<|im_start|>' + message.role + '\\n<think>\\n' + thought.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}
        {%- else %}
            {{- '<|im_start|>' + message.role + '\\n' + content }}
        {%- endif %}
        {%- if message.tool_calls %}
            {%- for tool_call in message.tool_calls %}
                {%- if (loop.first and content) or (not loop.first) %}
                    {{- '\\n' }}
                {%- endif %}
                {%- if tool_call.function %}
                    {%- set tool_call = tool_call.function %}
                {%- endif %}
                {{- '<tool_call>\\n{"name": "' }}
                {{- tool_call.name }}
                {{- '", "arguments": ' }}
                {%- if tool_call.arguments is string %}
                    {{- tool_call.arguments }}
                {%- else %}
                    {{- tool_call.arguments | tojson }}
                {%- endif %}
                {{- '}\\n</tool_call>' }}
            {%- endfor %}
        {%- endif %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == "tool" %}
        {%- if loop.first or (messages[loop.index0 - 1].role != "tool") %}
            {{- '<|im_start|>user' }}
        {%- endif %}
        {{- '\\n<tool_response>\\n' }}
        {{- content }}
        {{- '\\n</tool_response>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}
            {{- '<|im_end|>\\n' }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}
"""

# Line by line, without signs that take white space: what the environment itself takes away.
TEMPLATES["lines"] = """\
{# A comment
   of two lines. #}
{% for message in messages %}
  {% if message.role == 'user' %}
### User:
{{ message.content }}

  {% elif message.role == 'assistant' %}
### Answer {{ loop.index }} of {{ loop.length }}:
    {% generation %}
{{ message.content }}{{ eos_token }}
    {% endgeneration %}
  {% else %}
### {{ message.role | title }}:
	{% filter upper %}
{{ message.content }}
	{% endfilter %}
  {% endif %}
{% else %}
Nothing was said.
{% endfor %}
{% if add_generation_prompt %}
### Answer:
{% endif %}
"""

TEMPLATES["parts"] = """\
{%- macro render(content) -%}
    {%- if content is string -%}
        {{- content -}}
    {%- elif content is sequence -%}
        {%- for part in content -%}
            {%- if part.type == 'image' -%}<image>{%- elif part['type'] == 'text' -%}{{ part['text'] }}{%- else -%}{% continue %}{%- endif -%}
            {%- if not loop.last %}{{ '\\n' }}{% endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro -%}
{{ bos_token }}{% for message in messages %}{% if loop.index > 5 %}{% break %}{% endif %}
{{- '<' ~ message['role'] ~ '>' }}{{ render(message['content']) }}{{ '</' ~ message['role'] ~ '>' }}
{%- if not loop.last %}{{ loop.cycle('|', '/') }}{% endif %}
{%- endfor %}
{%- if add_generation_prompt %}{% set head %}<assistant>{% endset %}{{ head }}{% endif %}
"""

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "weather", "description": "The weather at a place: \"now\" & <here>, größer",
            "parameters": {
                "type": "object", "required": ["city"],
                "properties": {"city": {"type": "string", "enum": ["Köln", "東京"]}, "days": {"type": "integer", "default": 1.5}},
            },
        },
    },
    {"type": "function", "function": {"name": "add", "description": "", "parameters": {}, "return": {"type": "number"}}},
]


def call(name, arguments, id="abc123def"):
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


CONVERSATIONS = {
    "question": [{"role": "user", "content": "What is a cat?"}],
    "turns": [
        {"role": "system", "content": "  Answer briefly.\n"},
        {"role": "user", "content": " What is a cat? "},
        {"role": "assistant", "content": "\nAn animal. "},
        {"role": "user", "content": "And\n\n a dog? 🐶 é \u00a0"},
    ],
    "answered": [
        {"role": "user", "content": "<s>[INST] 猫?"}, {"role": "assistant", "content": "<think>\nHm.\n</think>\n\nYes."},
        {"role": "user", "content": "{{ bos_token }}"}, {"role": "assistant", "content": "{% raw %}"},
    ],
    "wrong": [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}],
    "tools": [
        {"role": "system", "content": "Use tools."},
        {"role": "user", "content": "The weather in Köln and 1 + 2?"},
        {"role": "assistant", "content": "Let me see.", "tool_calls": [call("weather", {"city": "Köln", "days": 2, "deep": [None, True, 0.1]})]},
        {"role": "tool", "content": "{\"t\": 12}", "tool_call_id": "abc123def"},
        {"role": "assistant", "content": "12 degrees.", "reasoning_content": "\nthinking\n"},
        {"role": "user", "content": "Thanks"},
    ],
    "calls": [
        {"role": "user", "content": "Both"},
        {"role": "assistant", "content": None, "tool_calls": [call("add", {"a": 1, "b": 2}), call("add", "{}", "short")]},
        {"role": "tool", "content": "3"}, {"role": "tool", "content": "4"},
        {"role": "assistant", "content": "7"},
    ],
    "parts": [
        {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "What is this?"}, {"type": "sound"}]},
        {"role": "assistant", "content": [{"type": "text", "text": "A cat:"}, {"type": "image"}]},
        {"role": "narrator", "content": "Time passes."},
    ],
    "empty": [],
}

EXPRESSIONS = r"""
{{ 1 + 2 * 3 - 4 / 2 }}|{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ 2 ** 10 }} {{ 2 ** -1 }} {{ 7.5 // 2 }} {{ 7.5 % 2 }}
{{ 1e3 }} {{ 1.0 }} {{ 0.1 + 0.2 }} {{ 1e16 }} {{ 1e-5 }} {{ 123456789.125 }} {{ 1_000 }} {{ 5 / 2 }} {{ 4 / 2 }}
{{ 'a' ~ 1 ~ none ~ true ~ 1.5 ~ [1, 'x'] }}|{{ 'ab' * 3 }}|{{ [1] * 2 + [2] }}|{{ (1, 2) + (3,) }}
{{ 1 < 2 < 3 }} {{ 1 < 2 > 3 }} {{ 'a' < 'b' }} {{ [1, 2] < [1, 3] }} {{ 1 == 1.0 }} {{ true == 1 }} {{ 'a' == none }} {{ (1,) == [1] }}
{{ not true or false and x }} {{ 0 or 'b' }} {{ '' and 'c' }}| {{ 'x' if false }}| {{ 'x' if true else 'y' }}
{{ 1 in [1, 2] }} {{ 'a' in 'cat' }} {{ 'a' not in {'a': 1} }} {{ 'x' in undefined_thing }} {{ 3 in (1, 2) }} {{ '' in 'x' }}
{{ undefined_thing }}|{{ undefined_thing | default('d') }}|{{ '' | default('d', true) }}|{{ none | d('e') }}|{{ undefined_thing is defined }}
{{ undefined_thing.x }}
{{ undefined_thing['x'] }}
{{ {'a': 1}.b }}|{{ {'a': 1}['b'] }}|{{ {'a': 1}.b.c }}
{{ 'abc'[0] }} {{ 'abc'[-1] }} {{ 'abc'[5] }}| {{ 'abcdef'[1:4] }} {{ 'abcdef'[::-1] }} {{ 'abcdef'[-3:] }} {{ [1, 2, 3][:-1] }} {{ [1, 2, 3, 4][::2] }} {{ (1, 2, 3)[1:] }}
{{ 'é猫😀'[1] }} {{ 'é猫😀' | length }} {{ 'é猫😀' | reverse }} {{ 'é猫😀'[1:] }}
{{ '  a b '.strip() }}|{{ 'xxaxx'.strip('x') }}|{{ 'abc'.upper() }}{{ 'ABC'.lower() }}{{ 'abc def'.title() }} {{ 'aBC'.capitalize() }}
{{ 'a,b,,c'.split(',') }} {{ ' a  b '.split() }} {{ 'a,b,c'.split(',', 1) }} {{ 'a,b,c'.rsplit(',', 1) }} {{ 'a\nb\r\nc'.splitlines() }} {{ 'a-b'.partition('-') }}
{{ 'a.b.c'.replace('.', '-') }} {{ 'aaa'.replace('a', 'b', 2) }} {{ 'abc'.startswith('ab') }} {{ 'abc'.endswith(('x', 'c')) }} {{ 'abcabc'.find('c') }} {{ 'abcabc'.rfind('c') }} {{ 'abab'.count('ab') }}
{{ ', '.join(['a', 'b']) }} {{ [1, 2, 3] | join('-') }} {{ 'abc' | join('.') }} {{ [{'n': 'x'}, {'n': 'y'}] | join(' ', attribute='n') }}
{{ '12'.isdigit() }} {{ 'ab'.isalpha() }} {{ 'a1'.isalnum() }} {{ ' '.isspace() }} {{ 'A'.isupper() }} {{ 'a'.islower() }} {{ '7'.zfill(3) }} {{ 'x'.center(4) }}| {{ 'x'.ljust(3) }}| {{ 'pre-x'.removeprefix('pre-') }}
{{ {'b': 1, 'a': [none, true, 1.5, 'x"y']} }} {{ {'b': 1, 'a': 2}.items() | list }} {{ {'b': 1}.keys() | list }} {{ {'b': 1}.values() | list }} {{ {'b': 1}.get('b') }} {{ {'b': 1}.get('c', 'd') }} {{ {}.get('c') }}
{{ "it's" }} {{ ["it's", 'say "x"', 'both \' "', 'n\n\t\\', '\x07é\u200b'] }}
{{ {'a': 1, 'items': 2}.items is callable }}
{{ {'a': 1, 'items': 2}['items'] }}
{{ {'b': [1, {'c': 'é"\n\u0001'}], 'a': none} | tojson }} {{ {'b': 1, 'a': [1, 2], 'c': {}, 'd': []} | tojson(indent=2) }} {{ {'b': 1, 'a': 2} | tojson(sort_keys=true) }} {{ 'é😀' | tojson(ensure_ascii=true) }} {{ [1, 2] | tojson(separators=(',', ':')) }} {{ '<&>' | tojson }}
{{ [3, 1, 2] | sort }} {{ ['b', 'A', 'c'] | sort }} {{ ['b', 'A', 'c'] | sort(reverse=true, case_sensitive=true) }} {{ [{'n': 2}, {'n': 1}] | sort(attribute='n') }} {{ [1, 2, 1, 3] | unique | list }} {{ [3, 1, 2] | min }} {{ [3, 1, 2] | max }} {{ {'b': 1, 'a': 2} | dictsort }}
{{ [1, 2, 3, 4] | select('odd') | list }} {{ [1, 2, 3, 4] | reject('divisibleby', 2) | list }} {{ [{'r': 'a'}, {'r': 'b'}] | selectattr('r', '==', 'a') | list }} {{ [{'r': 'a'}, {}] | selectattr('r', 'defined') | list | length }} {{ [{'r': 'a'}, {'r': 'b'}] | map(attribute='r') | join }} {{ ['a', 'b'] | map('upper') | list }} {{ [{'r': 'a'}, {'r': ''}] | rejectattr('r') | list }}
{{ [1, 2, 3] | first }} {{ [1, 2, 3] | last }} {{ [] | first }}| {{ 'abc' | first }} {{ [1, 2] | sum }} {{ [{'n': 2}, {'n': 3}] | sum(attribute='n') }} {{ [1, 2, 3, 4, 5] | batch(2) | list }} {{ -3 | abs }} {{ 2.567 | round(2) }} {{ 2.5 | round }} {{ '7' | int + 1 }} {{ 'x' | int }} {{ '1.5' | float }} {{ 3.7 | int }}
{{ 'hello wORLD' | capitalize }} {{ 'hello wORLD-foo (bar' | title }} {{ ' x ' | trim }}| {{ 'xyx' | trim('x') }} {{ 'a b c' | wordcount }} {{ '<a href="x">' | e }} {{ 'abc' | list }} {{ 5 | string + 'x' }} {{ 'a\nb\n\nc' | indent(2) }} {{ 'a\nb' | indent(2, true) }} {{ 'abab' | replace('a', 'x') }} {{ {'a': 1} | items | list }}
{% for g in [{'k': 'a', 'v': 1}, {'k': 'b', 'v': 2}, {'k': 'a', 'v': 3}] | groupby('k') %}{{ g[0] }}:{{ g[1] | map(attribute='v') | list }};{% endfor %}
{{ 1 is number }} {{ 1.0 is float }} {{ true is boolean }} {{ true is number }} {{ 'a' is string }} {{ {} is mapping }} {{ [] is sequence }} {{ 'a' is iterable }} {{ none is none }} {{ 2 is even }} {{ 3 is odd }} {{ 1 is not defined }} {{ x is undefined }} {{ 'a' is lower }} {{ 'A' is upper }} {{ 4 is divisibleby 2 }} {{ 1 is sameas 1 }} {{ 3 is gt 2 }} {{ 'a' is in ['a'] }} {{ range is callable }} {{ 1 is integer }} {{ true is true }} {{ 1 is true }}
{% for i in range(3) %}{{ i }}{% endfor %} {{ range(2, 8, 3) | list }} {{ range(3, 0, -1) | list }} {% for c in 'ab' %}{{ c }}.{% endfor %} {% for k in {'x': 1} %}{{ k }}{% endfor %} {% for k, v in {'x': 1}.items() %}{{ k }}{{ v }}{% endfor %} {% for a, b in [[1, 2], [3, 4]] %}{{ a + b }} {% endfor %}
{% for i in [1, 2, 3] if i != 2 %}{{ loop.index }}/{{ loop.length }}:{{ i }}{% if not loop.last %},{% endif %}{% else %}none{% endfor %} {% for i in [] %}x{% else %}none{% endfor %} {% for i in [1, 2, 3] %}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.previtem }}{{ loop.nextitem }} {% endfor %}
{% for i in range(5) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %} {% for i in [1, 1, 2] %}{{ loop.changed(i) }}{{ loop.cycle('a', 'b') }}{% endfor %}
{% set x = 0 %}{% for i in range(3) %}{% set x = x + 1 %}{{ x }}{% endfor %} {{ x }} {% if true %}{% set x = 5 %}{% endif %}{{ x }} {% set ns = namespace(x=0) %}{% for i in range(3) %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}
{% set a, b = 1, 2 %}{{ a }}{{ b }} {% set c %}x{{ a }}{% endset %}{{ c }} {% set d | upper %}abc{% endset %}{{ d }} {% with e = 3, f = 4 %}{{ e + f }}{% endwith %}{{ e }}
{% macro m(a, b=2) %}[{{ a }},{{ b }}{{ varargs }}{{ kwargs }}]{% endmacro %}{{ m(1) }}{{ m(1, 3) }}{{ m(b=5, a=4) }}{{ m() }}{{ m(1, 2, 3, k=4) }} {{ m.name }}
{% macro outer(x) %}<{{ caller(x) }}>{% endmacro %}{% call(y) outer(7) %}{{ y }}!{% endcall %} {% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(4) }}
{% for item in [{'v': 1, 'c': [{'v': 2, 'c': []}]}] recursive %}{{ item.v }}@{{ loop.depth }}{{ loop(item.c) }}{% endfor %}
{% filter upper %}abc{% filter replace('B', 'x') %}B{% endfilter %}{% endfilter %} {% raw %}{{ not }} {% this %}{% endraw %}
{{ dict(a=1, b=2) }} {{ dict([['x', 1]]) }} {{ [1, [2, (3, 4)], {'a': (5,)}] }} {{ () }} {{ [] }} {{ {} }}
{{ [1, 2].append(3) }}
{{ {'a': 1}.update({'b': 2}) }}
{{ [] | map('upper') is defined }} {% if [] | select %}lazy{% else %}empty{% endif %} {% if [] | select | list %}lazy{% else %}empty{% endif %}
{{ 1 / 0 }}
{{ 'a' + 1 }}
{{ 1 < 'a' }}
{{ none.x }}
{{ none | length }}
{{ 5() }}
{% for i in 5 %}{% endfor %}
{% for i in none %}{% endfor %}
{{ raise_exception('because') }}
{{ 'a' | nofilter }}
{{ 1 is notest }}
{% include 'x' %}
{% import 'x' as y %}
{% do 1 %}
{% extends 'x' %}
{{ 'unclosed }}
{{ (1 + 2 }}
{% if true %}
{% endfor %}
{{ }}
{{ 1 2 }}
{% set 1 = 2 %}
{% set {}.x = 2 %}
{% set d = {} %}{% set d.x = 2 %}
{{ ''.__class__ }}
{{ ''.__class__.__mro__ }}
{{ namespace(_x=1) }}
{{ x.y.z }}
{{ range(1000001) }}
a  {%- if true %}  b  {%- endif -%}  c  {{- 1 -}}  d
 {#- c -#} a {# d #}
{%+ if true %} a {% endif +%}
{{ 'a' 'b' }} {{ "tab\tnew\nuni\u00e9\x41\101" }} {{ 'back\\slash \q' }}
{{ -'1' | int }}
{{ 'a' if 1 else 'b' if 2 else 'c' }} {{ -1 | abs }} {{ not 1 == 2 }} {{ 2 * -3 }} {{ +4 }} {{ 1 - -1 }}
{{ messages[0].content }} {{ messages[0]['role'] }} {{ messages | length }} {{ messages[-1]['content'] | length }} {{ tools }} {{ documents }} {{ add_generation_prompt }} {{ bos_token }} {{ pad_token }}
{{ (messages | first).role }} {{ messages | map(attribute='role') | list | tojson }} {{ messages | selectattr('role', 'in', ['user', 'x']) | map(attribute='content') | first }} {{ messages[0].items() | list }} {{ (messages | last)['content'].split(' ')[0] }}
{%- for m in messages -%}{{ loop.index0 }}{{ m.role[0] | upper }}{{- ' ' -}}{%- endfor -%}
{{ 1.5 | string }} {{ true | string | lower }} {{ none | string }} {{ [true, none] | join(',') }} {{ 10 | float }} {{ 1e100 }} {{ 12345678901234567 * 2 }} {{ 3.0 | int }} {{ '%' }} {{ 100 | tojson }} {{ 1.0 | tojson }} {{ 1e20 | tojson }}
{%- set x = {'a': {'b': {'c': [10, 20]}}} -%}{{ x.a.b.c[1] }} {{ x['a']['b'].c.0 }} {{ x.a.b.c | map('string') | join('+') }} {{ {'a': 1, 2: 'x', none: 3, true: 4} }} {{ {1: 'a'}[1.0] }}
{%- macro a() -%}{%- set z = 1 -%}{{ z }}{%- endmacro -%}{{ a() }}{{ z }} {% set z = 2 %}{{ a() }}{{ z }} {% macro late() %}{{ w }}{% endmacro %}{% set w = 9 %}{{ late() }}
{% for i in range(2) %}{% for j in range(2) %}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %} {% for i in range(2) %}{% macro q() %}{{ i }}{% endmacro %}{{ q() }}{% endfor %}
{% if x is defined and x %}a{% elif y is defined %}b{% else %}c{% endif %} {{ 'yes' if messages else 'no' }} {{ messages is sequence and messages is not string }} {{ 'a' is string and 'b' is string }} {{ 1 if x is none else 2 }}
{% generation %}{% set inside = 1 %}{{ inside }}{% endgeneration %}{{ inside }}
{{ 'İ'.lower() | length }} {{ 'ß'.upper() }} {{ 'ǆ'.title() }} {{ 'Σας'.lower() }} {{ "they're bill's".title() }}
{{ none | selectattr('a', 'eq', 1) | list }} {{ none | map(attribute='x') | list }} {{ none | select | list }} {{ none | reject | list }} {{ nothing | selectattr('a') | list }} {{ nothing | map('upper') | list }} {{ '' | rejectattr('x') | list }} {{ 0 | map('upper') | list }} {{ none | selectattr | list }} {{ false | map | list }}
{{ [1] | selectattr | list }}
{{ [1] | map | list }}
{{ 5 | map('upper') | list }}
{{ none | list }}
{{ none | join }}
{{ none | first }}
{{ none | sort }}
{{ none | items | list }}
{{ none | int }} {{ none | float }} {{ none | upper }} {{ none | trim }} {{ none | title }} {{ none | replace('o', 'x') }} {{ none | center(8) }}|{{ none | wordcount }} {{ none | urlencode }} {{ none | string | length }} {{ none | default('x') }} {{ none | escape }}
{{ none | indent }}
{{ none | abs }}
{{ none | batch(2) | list }}
{{ none | reverse }}
{{ none | unique | list }}
{{ none | sum }}
{{ none | dictsort }}
{{ none | tojson }} {{ none | round is defined }}
{{ nothing | tojson }}
{{ nothing | join }}|{{ nothing | first }}|{{ nothing | last is defined }}|{{ nothing | list }}|{{ nothing | sort }}|{{ nothing | upper }}|{{ nothing | length }}|{{ nothing | items | list }}|{{ nothing | string }}|{{ nothing | trim }}|{{ nothing | unique | list }}|{{ nothing | sum }}|{{ nothing | batch(2) | list }}|{{ nothing | reverse | list }}|{{ nothing | urlencode }}|{{ nothing | striptags }}
{{ nothing | int }}
{{ nothing | float }}
{{ nothing | abs }}
{{ nothing | round }}
{{ nothing | dictsort }}
{{ nothing | indent }}
{{ nothing | truncate }}
{{ nothing + 'x' }}
{{ 'x' + nothing }}
{{ -nothing }}
{{ nothing < 1 }}
{{ nothing() }}
{% for x in nothing %}a{% else %}b{% endfor %}{{ nothing == nothing2 }}{{ nothing == none }}{{ nothing ~ 'x' }}{{ nothing is none }}{{ nothing is string }}{{ nothing is iterable }}{{ nothing is sequence }}{{ nothing is mapping }}
{% macro f(a, b=2, c=3) %}{{ a }},{{ b }},{{ c }};{{ varargs }}{{ kwargs }}{% endmacro %}{{ f(*[1, 2]) }} {{ f(1, *[5]) }} {{ f(**{'a': 4, 'c': 6}) }} {{ f(*[1], **{'c': 6}) }} {{ f(*'xyz') }} {{ f(1, b=2, *[]) }} {{ f(*[1, 2, 3, 4], **{'k': 5}) }} {{ f(*(1,), c=9) }} {{ dict(**{'a': 1}) }} {{ dict({'b': 2}, **{'a': 1}) }} {{ range(*[1, 4]) | list }} {{ 'a-b'.split(*['-']) }} {{ namespace(**{'q': 7}).q }} {{ [3, 1] | sort(**{'reverse': true}) }} {{ 'abc' | replace(*['b', 'x']) }} {{ 6 is divisibleby(*[3]) }}
{{ range(*5) }}
{{ range(**5) }}
{{ dict(a=1, **{'a': 2}) }}
{{ dict(**{1: 2}) }}
{{ range(1, **{}, *[2]) }}
{{ dict(**{}, a=1) }}
{{ dict(a=1, 2) }}
{{ 3 | round }} {{ 3.0 | round }} {{ 3.5 | round }} {{ 4.5 | round }} {{ 1234 | round(-2) }} {{ 1250 | round(-2) }} {{ 1350 | round(-2) }} {{ -1250 | round(-2) }} {{ 2.675 | round(2) }} {{ 1.005 | round(2) }} {{ 0.285 | round(2) }} {{ 3 | round(2) }} {{ 3 | round(method='ceil') }} {{ 3.2 | round(method='ceil') }} {{ 3.27 | round(1, 'floor') }} {{ 42.55 | round(1, 'ceil') }} {{ true | round }} {{ 42.55 | round | int }} {{ 1e20 | round }} {{ -0.4 | round }} {{ 123.456 | round(-1) }} {{ 3 | round(1, 'floor') }}
{{ 1 | round(method='up') }}
{{ 'x' | round }}
{{ [1, 2, 3, 4, 5, 6, 7] | slice(3) | list }} {{ [1, 2, 3, 4, 5] | slice(3, 'x') | list }} {{ [1, 2] | slice(3) | list }} {{ 'abcd' | slice(2) | list }} {{ [1, 2, 3, 4] | slice(2, fill_with=0) | list }} {{ [] | slice(2) | list }} {{ {'a': 1, 'b': 2} | slice(2) | list }} {% for column in range(5) | slice(2) %}{{ loop.index }}{{ column }}{% endfor %}
{{ 'The quick brown fox jumps' | truncate(10) }} {{ 'foo bar baz qux' | truncate(9) }} {{ 'foo bar baz qux' | truncate(9, True) }} {{ 'foo bar baz qux' | truncate(11) }} {{ 'foo bar baz qux' | truncate(11, False, '...', 0) }} {{ 'foo bar baz qux' | truncate(length=9, end='', leeway=0) }} {{ 'abcdefghijklmnopqrst' | truncate(8) }} {{ 'é猫😀 é猫😀 é猫😀' | truncate(7, leeway=1) }} {{ 'short' | truncate }} {{ ('x' * 300) | truncate | length }} {{ 'a b' | truncate(3, leeway=0) }}
{{ 'abcdefghijklmnopqrst' | truncate(2) }}
{{ 5 | truncate }}
{{ 'x' | truncate(5, leeway=-1) }}
{{ '%s, %s!' | format('Hello', 'World') }} {{ '%(a)s-%(b)d' | format(a=1, b=2) }} {{ 'x' | format }} {{ '%d%%' | format(5) }} {{ '%5.2f|%-6s|%06d' | format(3.14159, 'ab', 42) }} {{ '%x %X %o %e %g' | format(255, 255, 8, 12345.678, 0.0001) }} {{ '%r %s' | format('a', none) }} {{ '%c%c' | format('x', 65) }}
{{ '%s' | format }}
{{ '%s %(a)s' | format(1, a=2) }}
{{ '%s' % 'a' }} {{ '%s and %s' % ('a', 'b') }} {{ '%(x)s %(y)05.1f' % {'x': [1, 'q'], 'y': 2.25} }} {{ '%d' % 3.7 }} {{ '%i' % true }} {{ '%+d % d' % (5, 5) }} {{ '%5s|%-5s|' % ('a', 'b') }} {{ '%.3s' % 'abcdef' }} {{ '%*d' % (5, 42) }} {{ '%.*f' % (2, 1.005) }} {{ '%#x' % 255 }} {{ '%5d|%-5d|%05d' % (42, 42, -42) }} {{ '%s' % none }} {{ '%s' % true }} {{ '%s' % [1, 2] }} {{ 'abc' % {'a': 1} }} {{ 'abc' % [1] }} {{ '%%' % () }} {{ '%.3d' % 5 }} {{ '%s' % nothing }}| {{ '%ld' % 5 }} {{ '%G' % 1e-10 }} {{ '%r' % "it's" }} {{ 7 % 4 }} {{ '%-5s|' % 'é' }} {{ '% 5d' % 3 }} {{ '%u' % 3 }}
{{ '%s %s' % 'a' }}
{{ '%s' % ('a', 'b') }}
{{ 'abc' % 1 }}
{{ '%d' % 'x' }}
{{ '%x' % 1.5 }}
{{ '%y' % 1 }}
{{ '%' % 1 }}
{{ '%(a)s' % (1,) }}
{{ '%(a)s' % {'b': 1} }}
{{ '%f' % 'x' }}
{{ '{} and {}'.format(1, 'b') }} {{ '{0}{1}{0}'.format('a', 'b') }} {{ '{x} {y.z} {y[z]} {l[1]}'.format(x=1, y={'z': 2}, l=[3, 4]) }} {{ '{{}}'.format() }} {{ '{:>5}|{:<5}|{:^5}|{:*^7}'.format('a', 'b', 'c', 'd') }} {{ '{:05d} {:+d} {: d} {:,} {:_}'.format(42, 42, 42, 1234567, 1234567) }} {{ '{:.2f} {:.3e} {:g} {:%} {:.1%}'.format(3.14159, 12345.678, 0.0001, 0.5, 0.123) }} {{ '{:b} {:o} {:x} {:X} {:#x} {:#b} {:c}'.format(5, 8, 255, 255, 255, 5, 65) }} {{ '{!r} {!s}'.format('a', 'b') }} {{ '{:{w}}|{:{}}|'.format('a', 'b', 4, w=3) }}
{{ '{:.3} {:.3} {:.1} {:.5} {:10} {:<10}|'.format(3.14159, 123.0, 10.0, 2.0, 1.5, 2.5) }} {{ '{} {} {} {}'.format(none, true, 1.0, [1, 'a']) }} {{ '{:5}|{:5}|{:05}|{:05}'.format(true, 7, 'ab', -3) }} {{ '{:=+8d} {:=8} {:08.3f} {:010,}'.format(42, -42, -3.14159, 1234567) }} {{ '{:.2}'.format('abc') }} {{ '{:,.2f} {:_x}'.format(1234567.891, 1048576) }} {{ '{x}'.format(**{'x': 5}) }} {{ '{}'.format(*['q']) }} {{ '{a}'.format_map({'a': 3}) }} {{ '{:G} {:E} {:F} {:n}'.format(1e-10, 1.5, 2.5, 5) }} {{ '{}'.format(nothing) }}| {{ '{0.a}'.format({'a': 1}) }} {{ '{:e}'.format(5) }} {{ '{:#o} {:#X}'.format(8, 255) }} {{ '{:é^5}'.format('x') }}
{{ '{'.format() }}
{{ '}'.format() }}
{{ '{}'.format() }}
{{ '{0} {}'.format(1, 2) }}
{{ '{a}'.format(1) }}
{{ '{:d}'.format('x') }}
{{ '{:s}'.format(1) }}
{{ '{:5}'.format(none) }}
{{ '{:d}'.format(1.5) }}
{{ '{:.2d}'.format(1) }}
{{ '{!x}'.format(1) }}
{{ '{:zz}'.format(1) }}
{{ '{0.__class__}'.format(1) }}
{{ 'The quick brown fox jumps over the lazy dog' | wordwrap(15) }}/{{ 'a well-known semi-automatic co-op' | wordwrap(10) }}/{{ 'abcdefghijklmnop qr' | wordwrap(5) }}/{{ 'abcdefghijklmnop qr' | wordwrap(5, false) }}/{{ 'one two\nthree four five\n\nsix' | wordwrap(8) }}/{{ 'one two three' | wordwrap(7, wrapstring='<br>') }}/{{ 'x-y well-known' | wordwrap(6, break_on_hyphens=false) }}/{{ '  lead  and   more  ' | wordwrap(9) }}/{{ 'dash -- and em--dash here' | wordwrap(8) }}/{{ 'é猫 😀😀 naïve-façade' | wordwrap(6) }}/{{ '' | wordwrap }}/{{ 'U.S.-based e-mail --option foo--bar' | wordwrap(7) }}/{{ 'a-very-long-hyphenated-word' | wordwrap(9) }}
{{ 'x' | wordwrap(0) }}
{{ 'a b/c?d=é&f' | urlencode }} {{ {'a': 1, 'b c': 'x/y z'} | urlencode }} {{ [['k', 'v w'], ['l', 2]] | urlencode }} {{ 5 | urlencode }} {{ '~-._' | urlencode }} {{ '猫' | urlencode }} {{ true | urlencode }} {{ '%+' | urlencode }}
{{ '<p>Hello <b>big</b>\n  <i>world</i></p>' | striptags }}|{{ 'a &amp; b &lt;c&gt; &#233; &#xe9; &quot;' | striptags }}|{{ 'x <!-- no > yes --> y' | striptags }}|{{ 'a < b' | striptags }}|{{ '  a   b ' | striptags }}|{{ '<br/>' | striptags }}|{{ 5 | striptags }}|{{ 'Main &raquo;\t<em>About</em>' | striptags }}|{{ '<!-- open' | striptags }}|{{ 'AT&T &unknown; &' | striptags }}
{{ {'class': 'a b', 'id': none, 'x': nothing, 'n': 5, 'q': '"<&>'} | xmlattr }}|{{ {'a': 1} | xmlattr(false) }}|{{ {} | xmlattr }}|{{ {'t': true} | xmlattr(autospace=true) }}
{{ {'a b': 1} | xmlattr }}
{{ [1] | xmlattr }}
{{ 1 | filesizeformat }} {{ 999 | filesizeformat }} {{ 1000 | filesizeformat }} {{ 13000 | filesizeformat }} {{ 4100000 | filesizeformat }} {{ 1024 | filesizeformat(true) }} {{ 1e12 | filesizeformat }} {{ '500' | filesizeformat }} {{ 0 | filesizeformat }} {{ 1e30 | filesizeformat }} {{ 1048576 | filesizeformat(binary=true) }}
{{ 'x' | filesizeformat }}
{{ '<a>' | forceescape }} {{ '<&>"\'' | e }} {{ 5 | escape }} {{ '<' | safe }} {{ 'abc' is escaped }}
{% set c = cycler('a', 'b', 'c') %}{{ c.next() }}{{ c.next() }}{{ c.current }}{{ c.next() }}{{ c.next() }}{{ c.reset() }}{{ c.next() }} {% for i in range(4) %}{{ c.next() }}{% endfor %} {% set d = cycler(*['x', 'y']) %}{% for i in range(3) %}{{ d.next() }}{{ d.current }}{% endfor %}
{{ cycler() }}
{% set j = joiner(', ') %}{% for i in range(3) %}{{ j() }}{{ i }}{% endfor %} {% set k = joiner() %}{{ k() }}a{{ k() }}b {% set pipe = joiner(sep=' | ') %}{% if pipe() %}x{% endif %}{{ pipe() }}
{% set ns = namespace({'a': 1}, b=2) %}{{ ns.a }}{{ ns.b }} {% set ns.c = 3 %}{{ ns.c }}{{ ns['a'] }} {{ ns.missing }}| {% set ns.a = ns.a + 1 %}{{ ns.a }}
{% for key, items in [{'k': 'B', 'v': 1}, {'k': 'a', 'v': 2}, {'k': 'b', 'v': 3}] | groupby('k') %}{{ key }}{{ items | length }};{% endfor %} {% for g in [{'k': 'a'}, {}, {'k': 'b'}] | groupby('k', default='z') %}{{ g.grouper }}{{ g.list | length }};{% endfor %} {% for g in [{'k': 'B'}, {'k': 'b'}] | groupby('k', case_sensitive=true) %}{{ g.grouper }};{% endfor %} {% for g in [{'k': {'n': 1}}, {'k': {'n': 2}}] | groupby('k.n') %}{{ g.grouper }};{% endfor %}
{{ [{'a': 2, 'b': 1}, {'a': 1, 'b': 2}, {'a': 1, 'b': 1}] | sort(attribute='a,b') }} {{ [{'a': {'n': 2}}, {'a': {'n': 1}}] | map(attribute='a.n') | sort }} {{ [{'a': 1}, {}] | map(attribute='a', default=0) | list }} {{ [[1, 2], [3, 4]] | map(attribute=1) | list }} {{ [[1, 2], [3, 4]] | map('join', '-') | list }} {{ ['1', 'x'] | map('int', 7) | list }} {{ ['a,b'] | map('replace', ',', ';') | list }}
{{ 'x' | center(7) }}|{{ 'x' | center }}|{{ 'ab' | center(1) }}| {{ [1, 2, 3] | batch(2, 'x') | list }} {{ [1, 2, 3] | batch(2, none) | list }} {{ range(4) | batch(2) | map('join') | join(',') }} {{ 'a\n\nb' | indent(2, blank=true) }} {{ 'a\nb' | indent('> ', true) }} {{ 'a' | indent }} {{ 'a\nb\n' | indent(1) }}|
{{ {'b': 1, 'a': [1]} | tojson(indent=0) }} {{ {'b': 1} | tojson(indent='\t') }} {{ [1, {'a': 2}] | tojson(indent=2, separators=(',', '=')) }} {{ {'é': '\u2028<>'} | tojson }} {{ {1: 2, none: 3, true: 4} | tojson }} {{ (1, 2) | tojson }} {{ 1.5e300 | tojson }} {{ [] | tojson(indent=1) }} {{ 'a/b' | tojson }} {{ {'b': {'z': 1, 'a': 2}} | tojson(sort_keys=true, ensure_ascii=true) }} {{ [1] | tojson(true, 1) }} {{ '\x7f\x1f' | tojson }}
{{ 'abcabc'.find('c', 3) }} {{ 'abcabc'.find('a', 1, 3) }} {{ 'abcabc'.rfind('a', 0, 3) }} {{ 'abcabc'.count('b', 2) }} {{ 'abc'.index('b') }} {{ 'abcabc'.rindex('c') }} {{ 'a\tb'.expandtabs(4) }} {{ 'abc'.find('') }} {{ 'abc'.rfind('') }} {{ 'abc'.find('', 4) }} {{ 'abc'.count('') }} {{ ' a  b c '.rsplit(none, 1) }} {{ 'a b c'.rsplit(maxsplit=1) }} {{ 'é猫é'.find('猫') }} {{ 'Abc Def'.istitle() }} {{ 'é'.isascii() }} {{ 'abc'.find('c', -1) }}
{{ 'abc'.rindex('x') }}
{{ '0x1F' | int(0, 16) }} {{ '1_000' | int }} {{ '0b11' | int(base=2) }} {{ ' 12 ' | int }} {{ '1e3' | int }} {{ '0x10' | int }} {{ 'nan' | int }} {{ 'inf' | float }} {{ '-5' | int }} {{ '+5' | int }} {{ '' | int(9) }} {{ [] | int(3) }} {{ '1.9' | int }} {{ true | int }} {{ '0x1' | float }} {{ '1_0.5' | float }} {{ '--1' | int }}
{{ [1, 2, 3] | select('gt', 1) | list }} {{ [1, 2, 3] | select('==', 2) | list }} {{ [1, none, 'a'] | select('string') | list }} {{ [1, 2, 3] | reject('in', [1, 2]) | list }} {{ [{'a': {'b': 1}}, {'a': {}}] | selectattr('a.b') | list }} {{ [{'a': 1}, {'b': 2}] | selectattr('a', 'undefined') | list }} {{ [{'a': none}, {'a': 1}] | rejectattr('a', 'none') | list }} {{ ['', 'a', 0] | select | list }}
{% for i in range(3) %}{% for j in range(3) %}{% if j == 1 %}{% continue %}{% endif %}{% if i == 1 %}{% break %}{% endif %}{{ i }}{{ j }} {% endfor %}{% endfor %} {% for i in range(4) if i %}{% if loop.index == 2 %}{% continue %}{% endif %}{{ i }}{% if loop.last %}!{% endif %}{% else %}x{% endfor %} {% for i in [1] %}{% break %}{% else %}never{% endfor %}| {% for i in [1, 2] %}{% continue %}{% else %}skipped{% endfor %} {% for i in [1, 2] %}{% if i == 2 %}{% break %}{% endif %}{% else %}never{% endfor %}
{{ ' a b  c '.split(none, 1) }} {{ ' a b '.split(none, 5) }} {{ ' a b '.rsplit() }} {{ 'a b c d'.rsplit(none, 2) }}
{% break %}
{% for i in [1] %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}
{{ strftime_now('%Y-%m-%d') }} {{ strftime_now('%d %b %Y %H:%M') }} {{ strftime_now('%A, %B %-d, %j') }}
{{ raise_exception('a' ~ 1) }}
{% if true %}{{ raise_exception('in a branch: ' + messages[0].role) }}{% endif %}
{{ raise_exception() }}
{{ strftime_now() }}
{{ 'a' | replace('a') }}
{{ [3, 1, 2] | sort | reverse | list }} {{ {'b': 2, 'a': 1} | dictsort(by='value', reverse=true) }} {{ {'B': 1, 'a': 2} | dictsort(true) }} {{ ['b', 'B', 'a'] | unique | list }} {{ ['b', 'B', 'a'] | unique(case_sensitive=true) | list }} {{ [{'a': 1}, {'a': 1}] | unique(attribute='a') | list }} {{ ['B', 'a'] | min }} {{ ['B', 'a'] | max(case_sensitive=true) }} {{ [{'a': 1}, {'a': 3}] | max(attribute='a') }} {{ [1.5, 2] | sum(start=10) }} {{ 'a' | attr('upper') is callable }} {{ {'a': 1} | attr('a') }}| {{ {'x': 1} | length }} {{ 'abc' | last }} {{ range(3) | last }} {{ range(3) | sum }} {{ {'a': 1, 'b': 2} | join }} {{ {'a': 1} | list }}
{% generation %}a{% for i in range(3) %}{{ i }}{% endfor %}{% endgeneration %}b {% macro m(x) %}<{% generation %}{{ x }}{% endgeneration %}>{% endmacro %}{{ m(5) }}{% set block %}{% generation %}q{% endgeneration %}{% endset %}{{ block }}
{% generation %}a
{% generation x %}a{% endgeneration %}
"""


# Where `generation` blocks stand. The reference measures from the start of what the template itself has printed,
# so it is asked only where the blocks are not inside a macro or another text.
MARKED = {
    "turns": """{% for message in messages %}{% if message.role == 'assistant' %}<a>{% generation %}{{ message.content | trim }}{{ eos_token }}{% endgeneration %}</a>
{% else %}<{{ message.role }}>{{ message.content }}{% endif %}{% endfor %}{% if add_generation_prompt %}<a>{% endif %}""",
    "lines": """{% for message in messages %}
{% if message.role == 'assistant' %}
{{ '😀é' }}
{%- generation -%}
  {{ message.content }}
{% endgeneration %}
{% elif message.role == 'user' %}
{{ message.content }}
{% endif %}
{% endfor %}""",
    "loops": """{% for message in messages %}{% if loop.index > 3 %}{% break %}{% endif %}{{ message.role }}{% generation %}{% for c in message.role %}{{ c }}{% if loop.index == 2 %}{% continue %}{% endif %}-{% endfor %}{% endgeneration %}|{% endfor %}""",
    "empty": """a{% generation %}{% endgeneration %}{% if tools %}{% generation %}x{% endgeneration %}{% endif %}{% generation %}猫{% endgeneration %}""",
    "none": """{% for message in messages %}{{ message.role }}{% endfor %}""",
}


def marked(template, variables):
    """What a template prints, and its generation blocks in bytes."""
    compiled = chat_template_utils._compile_jinja_template(template)
    text, ranges = chat_template_utils._render_with_assistant_indices(compiled, **variables)
    size = lambda end: len(text[:end].encode())
    return {"text": text, "ranges": [[size(start), size(end)] for start, end in ranges]}


def environment():
    return chat_template_utils._compile_jinja_template("").environment


def rendered(template, variables):
    """What a template prints, or that it fails; of `raise_exception`, its words."""
    try:
        env = environment()
        env.globals["strftime_now"] = lambda format: __import__("datetime").datetime(2024, 7, 26, 12, 0).strftime(format)
        return {"text": env.from_string(template).render(**variables)}
    except jinja2.exceptions.TemplateSyntaxError as error:
        return {"error": "syntax"}
    except jinja2.exceptions.TemplateError as error:
        raised = type(error) is jinja2.exceptions.TemplateError
        return {"refused": str(error)} if raised else {"error": "failed"}
    except Exception:
        return {"error": "failed"}


def variables(name, beginsAnswer):
    return {
        "messages": CONVERSATIONS[name], "tools": TOOLS if name in ("tools", "calls") else None, "documents": None,
        "add_generation_prompt": beginsAnswer, "bos_token": "<s>", "eos_token": "</s>",
    }


def write(name, value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
    (OUTPUT / f"{name}.json").write_text(text, encoding="utf-8", newline="")


def main():
    assert jinja2.__version__ == "3.1.6" and transformers.__version__ == "5.23.0"
    golden = {}
    for name, template in TEMPLATES.items():
        (OUTPUT / f"{name}.jinja").write_text(template, encoding="utf-8", newline="")
        golden[name] = {
            conversation: [rendered(template, variables(conversation, flag)) for flag in (False, True)]
            for conversation in CONVERSATIONS
        }
    # A line is a template; the two that need newlines come after.
    lines = [line for line in EXPRESSIONS.split("\n") if line]
    lines += [
        "a\n  {% if true %}\n  b\n  {% endif %}\n c\n", "{% if true %}\r\nx\r\n{% endif %}\r\n", "\n\n{# c #}\n\nx\n\n", "{{ 1 }}\n{{ 2 }}\n",
        "  {%- if true %}\n\n x {% endif -%}  \n y", "a {% set x = 1 %}\n b", "  {% if true %}  \n  x  {% endif %}  y", "\t{% if 1 %}\t{% endif %}\tx", "x\n  {#- c #}\n  y\n", "x\n {%+ if 1 %} y{% endif %}\n",
        "{% raw %}\n  {{ x }}\n  {% endraw %}\n z", "{{ {'a': {'b': 1}}['a']['b'] }}}", "{{ '}}' }}{{ \"%}\" }}", "{% if '%}' %}x{% endif %}", "{{- 'a' }}\n  {{- 'b' }}\n  {{ 'c' -}}\n  d",
        "{% for i in range(2) -%}\n  {{ i }}\n{%- endfor %}\n", "a\u00a0\u3000{%- if 1 -%}\u2003b{% endif %}",
    ]
    expressions = [{"template": line, **rendered(line, variables("turns", True))} for line in lines]
    write("marked", [
        {"template": template, **marked(template, variables("turns", flag)), "beginsAnswer": flag}
        for template in MARKED.values() for flag in (False, True)
    ])
    write("golden", golden)
    write("expressions", expressions)
    write("conversations", {"conversations": CONVERSATIONS, "tools": TOOLS})
    print(f"{len(TEMPLATES)} templates, {len(CONVERSATIONS)} conversations, {len(expressions)} small templates")
    failed = [e["template"] for e in expressions if "error" in e]
    print(f"{len(failed)} of them fail:", *failed, sep="\n  ")


if __name__ == "__main__":
    main()
