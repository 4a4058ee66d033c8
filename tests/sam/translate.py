"""Translates SAM templates as CloudFormation's macro does, and lists the properties that an update cannot change in place.

stdin:  {"name": template, …}, each template as JSON, without YAML's short forms
stdout: {"translated": {"name": template, …}, "createOnly": {"AWS::X::Y": ["/properties/…", …], …}}

Runs on sam's own Python, which has samtranslator and cfn-lint.
"""

import json
import sys

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

REGION = "us-east-1"


def upload_code(template):
    """Replaces local folders of code by an address, as sam package does: the macro takes no folders."""
    functions = [r for r in template["Resources"].values() if r["Type"] == "AWS::Serverless::Function"]
    for holder in [*functions, {"Properties": template.get("Globals", {}).get("Function", {})}]:
        if "CodeUri" in holder.get("Properties", {}):
            holder["Properties"]["CodeUri"] = "s3://bucket/code.zip"
    return template


def create_only(resource_type):
    """The properties whose change makes CloudFormation replace the resource, from cfn-lint's own schemas."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, resource_type).schema
    return schema.get("createOnlyProperties", []) + schema.get("conditionalCreateOnlyProperties", [])


templates = json.load(sys.stdin)
translated = {
    name: Translator({}, Parser()).translate(upload_code(template), {}) for name, template in templates.items()
}
types = {resource["Type"] for template in translated.values() for resource in template["Resources"].values()}
json.dump({"translated": translated, "createOnly": {name: create_only(name) for name in sorted(types)}}, sys.stdout)
