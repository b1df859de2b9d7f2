// A client of Parley by the official Go SDK. Reads one use a line from stdin and writes one answer a line to stdout:
//
//	{"signMethod":"TC3-HMAC-SHA256","httpMethod":"POST","action":"HangUpCall","request":{...},"secretKey":"..."}
//	{"response":{...}} or {"error":{"kind":"...","code":"...","message":"...","requestId":"..."}}
//
// Arguments: host and port of Parley, SecretId.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"reflect"

	ccc "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/ccc/v20200210"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
)

type use struct {
	SignMethod string          `json:"signMethod"`
	HTTPMethod string          `json:"httpMethod"`
	Action     string          `json:"action"`
	Request    json.RawMessage `json:"request"`
	SecretKey  string          `json:"secretKey"`
	// Headers of the request's own.
	Headers map[string]string `json:"headers"`
}

type failure struct {
	Kind      string `json:"kind"`
	Code      string `json:"code,omitempty"`
	Message   string `json:"message,omitempty"`
	RequestID string `json:"requestId,omitempty"`
}

type answer struct {
	Response json.RawMessage `json:"response,omitempty"`
	Error    *failure        `json:"error,omitempty"`
}

func main() {
	endpoint, secretID := os.Args[1], os.Args[2]
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked use
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		response, err := call(endpoint, secretID, asked)
		if err != nil {
			out.Encode(answer{Error: describe(err)})
		} else {
			out.Encode(answer{Response: response})
		}
	}
}

// call goes through the typed method of the SDK, its request model and its response model.
func call(endpoint, secretID string, asked use) (json.RawMessage, error) {
	settings := profile.NewClientProfile()
	settings.SignMethod = asked.SignMethod
	settings.Language = "en-US"
	settings.HttpProfile.ReqMethod = asked.HTTPMethod
	settings.HttpProfile.Endpoint = endpoint
	settings.HttpProfile.Scheme = "HTTP"
	settings.HttpProfile.ReqTimeout = 30
	client, err := ccc.NewClient(common.NewCredential(secretID, asked.SecretKey), "ap-guangzhou", settings)
	if err != nil {
		return nil, err
	}
	method := reflect.ValueOf(client).MethodByName(asked.Action)
	if !method.IsValid() {
		return nil, fmt.Errorf("no method %s", asked.Action)
	}
	request := reflect.New(method.Type().In(0).Elem())
	base := (&tchttp.BaseRequest{}).Init().WithApiInfo("ccc", ccc.APIVersion, asked.Action)
	base.SetHeader(asked.Headers)
	request.Elem().FieldByName("BaseRequest").Set(reflect.ValueOf(base))
	if err := json.Unmarshal(asked.Request, request.Interface()); err != nil {
		return nil, err
	}
	results := method.Call([]reflect.Value{request})
	if err, failed := results[1].Interface().(error); failed && err != nil {
		return nil, err
	}
	text, err := json.Marshal(results[0].Elem().FieldByName("Response").Interface())
	return text, err
}

func describe(err error) *failure {
	if known, ok := err.(*errors.TencentCloudSDKError); ok {
		return &failure{Kind: "TencentCloudSDKError", Code: known.Code, Message: known.Message, RequestID: known.RequestId}
	}
	return &failure{Kind: fmt.Sprintf("%T", err), Message: err.Error()}
}
