"""Writes `templates/` with the reference implementation: jinja2 3.1.6 as transformers 5.23.0 sets it up.

    python3 templates.py

templates/NAME.jinja         chat templates in the manner of the families, written for these tests
templates/conversations.json conversations and tools
templates/golden.json        what each template makes of each conversation, or that it refuses it
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
"""


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
    write("golden", golden)
    write("expressions", expressions)
    write("conversations", {"conversations": CONVERSATIONS, "tools": TOOLS})
    print(f"{len(TEMPLATES)} templates, {len(CONVERSATIONS)} conversations, {len(expressions)} small templates")
    failed = [e["template"] for e in expressions if "error" in e]
    print(f"{len(failed)} of them fail:", *failed, sep="\n  ")


if __name__ == "__main__":
    main()
