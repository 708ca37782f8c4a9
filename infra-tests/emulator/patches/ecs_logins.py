"""Images of registries that want a login: on Fargate each is pulled with what the execution role may read, before any
container of its task starts. The emulator knows such logins for services only, and asks nobody for the right to them."""

from iam import check_role
from ministack.services import ecs, secretsmanager
from replace import replaces


@replaces(ecs, "_start_task_worker")
def start_task_worker(original, task, definition, overrides, docker):
    for container in definition.get("containerDefinitions", []):
        if container.get("repositoryCredentials"):
            pull_with_login(container, definition, docker)
    return original(task, definition, overrides, docker)


def pull_with_login(container, definition, docker):
    secret = container["repositoryCredentials"]["credentialsParameter"]
    role = definition.get("executionRoleArn")
    _, found = secretsmanager._resolve(secret, use_arn_scope=True)
    arn = found["ARN"] if found else secret
    refusal = check_role(role, "secretsmanager:GetSecretValue", arn) if role else "there is no execution role"
    if refusal:
        raise ecs._SecretResolutionError(refusal)
    login = ecs._resolve_repository_credentials(container)
    try:
        docker.images.pull(container["image"], auth_config=login)
    except Exception as error:
        raise ecs._ImagePullError(str(error)) from error
