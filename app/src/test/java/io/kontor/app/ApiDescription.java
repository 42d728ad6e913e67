package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.kontor.testsupport.ApiClient.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The API description of a running bank, and whether an answer is one that it describes. Nothing
 * that is not described may come: no status, header, field or problem.
 */
final class ApiDescription {
  private static final String PROBLEM = "application/problem+json";

  /** Headers of HTTP and of browsers' protection, which every answer may have. */
  private static final Set<String> OF_HTTP =
      Set.of(
          "cache-control",
          "connection",
          "content-length",
          "content-type",
          "date",
          "expires",
          "keep-alive",
          "pragma",
          "transfer-encoding",
          "vary",
          "x-content-type-options",
          "x-frame-options",
          "x-xss-protection");

  private final JsonNode document;
  private final JsonNode strictSchemas;
  private final SchemaRegistry schemas =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          registry ->
              registry.schemaRegistryConfig(
                  SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

  private ApiDescription(JsonNode document) {
    this.document = document;
    this.strictSchemas = strict(document.at("/components/schemas"));
  }

  static ApiDescription of(BankFixture bank) {
    return new ApiDescription(bank.anyone().get("/v3/api-docs").expect(200).json());
  }

  JsonNode document() {
    return document;
  }

  List<Call> calls() {
    List<Call> calls = new ArrayList<>();
    document
        .path("paths")
        .forEachEntry(
            (path, item) ->
                item.forEachEntry(
                    (method, call) ->
                        calls.add(new Call(method.toUpperCase(Locale.ROOT), path, call))));
    return calls;
  }

  /**
   * @param node the call's object in the description
   */
  record Call(String method, String path, JsonNode node) {
    String id() {
      return node.path("operationId").asString();
    }

    /** The roles that open it; none when it needs no token. */
    Set<String> roles() {
      Set<String> roles = new TreeSet<>();
      node.path("security")
          .forEach(alternative -> roles.add(alternative.path("bearer").path(0).asString()));
      return roles;
    }

    boolean isRead() {
      return method.equals("GET");
    }

    @Nullable JsonNode parameter(String name) {
      return node.path("parameters")
          .valueStream()
          .filter(parameter -> parameter.path("name").asString().equals(name))
          .findFirst()
          .orElse(null);
    }

    boolean requires(String parameter) {
      return parameter(parameter) != null && parameter(parameter).path("required").asBoolean(false);
    }

    /** The body of its example; null when it has no body. */
    @Nullable String example() {
      JsonNode example = node.at("/requestBody/content/application~1json/example");
      return example.isMissingNode() ? null : example.toString();
    }

    Stream<String> statuses() {
      return node.path("responses").propertyNames().stream();
    }

    List<Integer> successes() {
      return statuses().filter(s -> s.startsWith("2")).map(Integer::valueOf).sorted().toList();
    }

    Set<String> slugs(int status) {
      return new TreeSet<>(
          node.path("responses")
              .path(Integer.toString(status))
              .path("content")
              .path(PROBLEM)
              .path("examples")
              .propertyNames());
    }

    @Override
    public String toString() {
      return id();
    }
  }

  /** Fails when the call is not described as answering like this. */
  void check(Call call, Answer answer) {
    JsonNode described = call.node().path("responses").path(Integer.toString(answer.status()));
    assertThat(described.isObject())
        .as("%s answered %d: %s", call, answer.status(), answer.http().body())
        .isTrue();
    checkHeaders(call, described.path("headers"), answer);
    checkBody(call, described.path("content"), answer);
  }

  private void checkHeaders(Call call, JsonNode described, Answer answer) {
    Set<String> names =
        described.propertyNames().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    assertThat(answer.http().headers().map().keySet())
        .filteredOn(name -> !OF_HTTP.contains(name.toLowerCase(Locale.ROOT)))
        .as("headers of %s, %d", call, answer.status())
        .allMatch(name -> names.contains(name.toLowerCase(Locale.ROOT)));
    described.forEachEntry(
        (name, reference) -> {
          JsonNode header = resolved(reference);
          String value = answer.header(name);
          if (value == null) {
            assertThat(header.path("required").asBoolean(false))
                .as("%s, %d has no %s", call, answer.status(), name)
                .isFalse();
          } else {
            boolean isNumber = header.at("/schema/type").asString().equals("integer");
            var nodes = JsonNodeFactory.instance;
            validate(
                header.path("schema"),
                isNumber ? nodes.numberNode(Long.parseLong(value)) : nodes.stringNode(value));
          }
        });
  }

  private void checkBody(Call call, JsonNode described, Answer answer) {
    String body = answer.http().body();
    String type = answer.header("Content-Type");
    if (described.isEmpty()) {
      assertThat(body).as("%s, %d has no body", call, answer.status()).isEmpty();
      assertThat(type).isNull();
      return;
    }
    assertThat(type).as("%s, %d has a type", call, answer.status()).isNotNull();
    String media = type.replaceFirst(";.*", "");
    JsonNode content = described.path(media);
    assertThat(content.isObject()).as("%s answered %s", call, type).isTrue();
    if (!media.endsWith("json")) {
      return;
    }
    validate(content.path("schema"), answer.json());
    if (media.equals(PROBLEM)) {
      assertThat(call.slugs(answer.status())).contains(answer.slug());
      JsonNode example = resolved(content.path("examples").path(answer.slug())).path("value");
      for (String same : List.of("type", "title", "status")) {
        assertThat(answer.json().path(same)).isEqualTo(example.path(same));
      }
      assertThat(answer.json().has("errors")).isEqualTo(answer.status() == 400);
    }
  }

  /** Fails when the value does not fit the schema. */
  void validate(JsonNode schema, JsonNode value) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.putArray("allOf").add(strict(schema));
    root.putObject("components").set("schemas", strictSchemas);
    assertThat(schemas.getSchema(root).validate(value)).as("%s as %s", value, schema).isEmpty();
  }

  private JsonNode resolved(JsonNode node) {
    JsonNode reference = node.path("$ref");
    return reference.isMissingNode() ? node : document.at(reference.asString().substring(1));
  }

  /** The same schemas, where objects have no fields but those described. */
  private static JsonNode strict(JsonNode schemas) {
    JsonNode strict = JsonMapper.shared().readTree(schemas.toString());
    close(strict);
    return strict;
  }

  private static void close(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.path("properties").isObject()
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    node.forEach(ApiDescription::close);
  }
}
