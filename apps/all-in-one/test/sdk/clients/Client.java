import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.tencentcloudapi.ccc.v20200210.CccClient;
import com.tencentcloudapi.common.AbstractModel;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.common.profile.Language;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * A client of Parley by the official Java SDK: one use a line from stdin, one answer a line to stdout, as client.go says.
 * Arguments: host and port of Parley, SecretId.
 */
public final class Client {
  public static void main(String[] arguments) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, true, "UTF-8");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonObject use = JsonParser.parseString(line).getAsJsonObject();
      JsonObject answer = new JsonObject();
      try {
        String response = call(arguments[0], arguments[1], use);
        answer.add("response", JsonParser.parseString(response));
      } catch (InvocationTargetException error) {
        answer.add("error", describe(error.getCause()));
      } catch (Exception error) {
        answer.add("error", describe(error));
      }
      out.println(new Gson().toJson(answer));
    }
  }

  /** Through the typed method of the SDK, its request model and its response model. */
  private static String call(String endpoint, String secretId, JsonObject use) throws Exception {
    HttpProfile http = new HttpProfile();
    http.setProtocol(HttpProfile.REQ_HTTP);
    http.setEndpoint(endpoint);
    http.setReqMethod(use.get("httpMethod").getAsString());
    ClientProfile profile = new ClientProfile(use.get("signMethod").getAsString(), http);
    profile.setLanguage(Language.EN_US);
    Credential key = new Credential(secretId, use.get("secretKey").getAsString());
    CccClient client = new CccClient(key, "ap-guangzhou", profile);
    String action = use.get("action").getAsString();
    for (Method method : CccClient.class.getMethods()) {
      if (!method.getName().equals(action)) continue;
      Object request = AbstractModel.fromJsonString(use.get("request").toString(), method.getParameterTypes()[0]);
      Map<String, String> headers = new HashMap<>();
      if (use.has("headers")) {
        use.getAsJsonObject("headers").entrySet().forEach(one -> headers.put(one.getKey(), one.getValue().getAsString()));
      }
      ((AbstractModel) request).SetHeader(headers);
      return AbstractModel.toJsonString((AbstractModel) method.invoke(client, request));
    }
    throw new NoSuchMethodException(action);
  }

  private static JsonObject describe(Throwable error) {
    JsonObject told = new JsonObject();
    told.addProperty("kind", error.getClass().getSimpleName());
    told.addProperty("message", error.getMessage());
    if (error instanceof TencentCloudSDKException) {
      told.addProperty("code", ((TencentCloudSDKException) error).getErrorCode());
      told.addProperty("requestId", ((TencentCloudSDKException) error).getRequestId());
    }
    return told;
  }
}
