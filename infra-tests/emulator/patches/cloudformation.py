"""What the emulator's CloudFormation makes of a task definition."""

from ministack.services import secretsmanager
from ministack.services import ecs
from ministack.services.cloudformation import provisioners
from replace import replaces

# Maps whose keys are the user's.
FREE_FORM = {"options", "dockerLabels", "Options", "DockerLabels"}


def lower_camel(value):
    if isinstance(value, list):
        return [lower_camel(item) for item in value]
    if isinstance(value, dict):
        return {
            key[0].lower() + key[1:]: item if key in FREE_FORM else lower_camel(item) for key, item in value.items()
        }
    return value


@replaces(provisioners, "_normalize_container_defs")
def normalize_container_definitions(_original, definitions):
    """AWS takes over all of a container definition; the emulator left what is inside Secrets, DependsOn and HealthCheck
    behind."""
    return [lower_camel(definition) for definition in definitions]


@replaces(ecs, "_resolve_container_secrets")
def resolve_container_secrets(original, definition):
    """`Ref` of a secret is its ARN on AWS, and its name in the emulator."""
    secrets = [
        {**secret, "valueFrom": secret_arn(secret.get("valueFrom", ""))} for secret in definition.get("secrets", [])
    ]
    return original({**definition, "secrets": secrets})


def secret_arn(value_from):
    name, _, rest = value_from.partition(":")
    if name in ("", "arn"):
        return value_from
    for secret in secretsmanager._secrets.values():
        if secret.get("Name") == name:
            return secret["ARN"] + (f":{rest}" if rest else "")
    return value_from
