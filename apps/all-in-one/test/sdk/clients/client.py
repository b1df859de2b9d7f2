"""A client of Parley by the official Python SDK: one use a line from stdin, one answer a line to stdout, as client.go says.

Arguments: host and port of Parley, SecretId.
"""

import json
import sys

from tencentcloud.ccc.v20200210 import ccc_client, models
from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile


def call(endpoint, secret_id, use):
    """Through the method of the SDK, its request model and its response model."""
    http = HttpProfile(protocol="http", endpoint=endpoint, reqMethod=use["httpMethod"], reqTimeout=30)
    profile = ClientProfile(signMethod=use["signMethod"], httpProfile=http, language="en-US")
    key = credential.Credential(secret_id, use["secretKey"])
    client = ccc_client.CccClient(key, "ap-guangzhou", profile)
    request = getattr(models, use["action"] + "Request")()
    request.from_json_string(json.dumps(use["request"]))
    request.headers = use.get("headers", {})
    return json.loads(getattr(client, use["action"])(request).to_json_string())


def answer(endpoint, secret_id, use):
    try:
        return {"response": call(endpoint, secret_id, use)}
    except TencentCloudSDKException as error:
        told = {"code": error.get_code(), "message": error.get_message(), "requestId": error.get_request_id()}
        return {"error": {"kind": "TencentCloudSDKException", **told}}
    except Exception as error:
        return {"error": {"kind": type(error).__name__, "message": str(error)}}


for line in sys.stdin:
    print(json.dumps(answer(sys.argv[1], sys.argv[2], json.loads(line))), flush=True)
