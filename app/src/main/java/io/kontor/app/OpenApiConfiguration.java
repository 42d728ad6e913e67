package io.kontor.app;

import io.kontor.api.endofday.InterestRate;
import io.kontor.api.inventory.Sku;
import io.kontor.api.money.Money;
import io.kontor.app.security.AccessRules;
import io.kontor.tenancy.TenantId;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.openapi.RecordSchemas;
import io.kontor.web.security.Role;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;

/** What the API description says of the whole: features, roles, and how values are written. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {
  private static final String BEARER = "bearer";
  private static final String ABOUT =
      """
      An event-sourced, multi-tenant banking backend.

      The tenant is the one in the bearer token. Where a token is, a machine may send an API key
      (`Bearer kontor_...`, made by `POST /v1/api-keys`) instead. An `Idempotency-Key` makes a request safe to send
      again. A change answers with `Kontor-Position`; a read that sends it as `Kontor-Min-Position`
      sees the change. Errors are `application/problem+json`: rely on `status` and `type`, and
      expect types to be added.
      """;

  @Bean
  OpenAPI openApi() {
    return new OpenAPI()
        .info(
            new Info()
                .title("Kontor")
                .version("v1")
                .description(ABOUT)
                .license(new License().name("Apache License 2.0").identifier("Apache-2.0")))
        .components(
            new Components()
                .addSecuritySchemes(
                    BEARER,
                    new SecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .bearerFormat("JWT, or an API key that begins with kontor_")));
  }

  /** Each role that opens a call is one alternative of its security requirements. */
  @Bean
  OpenApiCustomizer rolesOfCalls() {
    return description ->
        description
            .getPaths()
            .forEach(
                (path, item) ->
                    item.readOperationsMap()
                        .forEach((method, call) -> addRoles(method, path, call)));
  }

  /** Bulks in one piece and streams of lines share a path, and so a call's description. */
  @Bean
  OpenApiCustomizer transferStream() {
    return description -> {
      PathItem path = Objects.requireNonNull(description.getPaths().get("/v1/transfers/bulk"));
      Operation bulk = path.getPost();
      bulk.getRequestBody()
          .getContent()
          .addMediaType(
              MediaType.APPLICATION_NDJSON_VALUE,
              lines(
                  """
                  {"idempotencyKey":"payroll-11-0001",\
                  "from":"01900000-0000-7000-8000-00000000000a",\
                  "to":"01900000-0000-7000-8000-00000000000b",\
                  "amount":{"amount":"12.50","currency":"EUR"},"reference":"salary"}
                  """));
      Objects.requireNonNull(bulk.getResponses().get("200"))
          .getContent()
          .addMediaType(
              MediaType.APPLICATION_NDJSON_VALUE,
              lines(
                  """
                  {"line":1,"status":201,"id":"01900000-0000-7000-8000-00000000000c",\
                  "entryId":"01900000-0000-7000-8000-00000000000d",\
                  "fromVersion":7,"toVersion":3,"position":42}
                  """));
    };
  }

  @Bean
  OpenApiCustomizer features() {
    return description -> {
      Set<String> used =
          description.getPaths().values().stream()
              .map(PathItem::readOperations)
              .flatMap(List::stream)
              .flatMap(call -> call.getTags().stream())
              .collect(Collectors.toSet());
      description.setTags(tags().filter(tag -> used.contains(tag.getName())).toList());
    };
  }

  @Bean
  ModelConverter recordSchemas() {
    return new RecordSchemas(
        Map.of(
            Money.class,
            OpenApiConfiguration::money,
            Currency.class,
            OpenApiConfiguration::currency,
            InterestRate.class,
            () -> text("^-?[0-9]{1,3}(\\.[0-9]{1,4})?$", "2.50"),
            Sku.class,
            () -> text("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", "MUG-1"),
            TenantId.class,
            () -> text("^[a-z][a-z0-9-]{1,38}$", "acme"),
            JsonNode.class,
            OpenApiConfiguration::json));
  }

  private static void addRoles(PathItem.HttpMethod method, String path, Operation call) {
    List<String> roles =
        AccessRules.opening(HttpMethod.valueOf(method.name()), path).stream()
            .map(Role::claim)
            .sorted()
            .toList();
    ApiResponse forbidden = call.getResponses().get("403");
    if (forbidden != null && roles.equals(List.of(Role.OPERATOR.claim()))) {
      forgetTenants(forbidden);
    }
    if (path.startsWith("/v1/admin/") && roles.contains(Role.OPERATOR.claim())) {
      call.addParametersItem(cell());
    }
    call.setSecurity(
        roles.stream().map(role -> new SecurityRequirement().addList(BEARER, role)).toList());
  }

  /** An operator is of no tenant, and so names the database that a call concerns. */
  private static Parameter cell() {
    return new HeaderParameter()
        .name(KontorHeaders.CELL)
        .description(
            "For operators: the tenant whose own database the call concerns; without it, the shared"
                + " one")
        .schema(text("^[a-z][a-z0-9-]{1,38}$", "initech"));
  }

  /** An operator is of no tenant. */
  private static void forgetTenants(ApiResponse forbidden) {
    forbidden.setDescription("`forbidden`");
    forbidden
        .getContent()
        .values()
        .forEach(problem -> problem.getExamples().remove("unknown-tenant"));
  }

  private static Stream<Tag> tags() {
    return Stream.of(
        tag("Accounts", "Accounts, their holds, postings and balances"),
        tag("Transfers", "Money between two accounts of this bank, booked at once"),
        tag("Payments", "Money to other banks, through the clearing house"),
        tag("Standing orders", "Transfers and payments on the dates of a schedule"),
        tag("End of day", "The bank day, and the interest and fees of accounts"),
        tag("Clearing", "What the clearing house says of payments"),
        tag("Ledger", "The books: journal entries and the trial balance"),
        tag("Statements", "Documents of an account's postings in a period"),
        tag("Notifications", "What a user is notified of"),
        tag("Webhooks", "Systems that are notified"),
        tag("Reports", "Lists of the bank as files for spreadsheets"),
        tag("Inventory", "Products, their prices and their stock"),
        tag("Orders", "Orders of products, paid from an account"),
        tag("Processes", "Orders under way, and a person's way out when one is stuck"),
        tag("Audit", "The events as they are stored"),
        tag("Data subjects", "The right to be forgotten"),
        tag("Access", "API keys of machines, and for whom a token or key is taken"),
        tag("Tenants", "The banks of this installation"),
        tag("Projections", "The read models' state"),
        tag("Rebuilds", "Read models made anew from the events"),
        tag("Dead letters", "Events that a projection could not take"),
        tag("Jobs", "Work in the background that a person can see and steer"),
        tag("Nodes", "The processes that are the bank"),
        tag("Integration", "Events on their way to Kafka"),
        tag("Trying out", "With the profile `embedded` only"));
  }

  private static Tag tag(String name, String text) {
    return new Tag().name(name).description(text);
  }

  private static Schema<?> money() {
    var money = new JsonSchema();
    money.addType("object");
    money.setDescription("An amount with exactly as many decimal digits as its currency has");
    money.addProperty("amount", text("^-?(0|[1-9][0-9]{0,18})(\\.[0-9]{1,4})?$", "12.50"));
    money.addProperty("currency", currency());
    money.setRequired(List.of("amount", "currency"));
    return money;
  }

  private static Schema<?> currency() {
    Schema<?> currency = text("^[A-Z]{3}$", "EUR");
    currency.setDescription("An ISO 4217 code");
    return currency;
  }

  private static io.swagger.v3.oas.models.media.MediaType lines(String example) {
    var lines = new JsonSchema();
    lines.addType("string");
    lines.setDescription("JSON, a line for each transfer");
    return new io.swagger.v3.oas.models.media.MediaType().schema(lines).example(example);
  }

  private static Schema<?> json() {
    var json = new JsonSchema();
    json.addType("object");
    json.setAdditionalProperties(true);
    return json;
  }

  private static Schema<?> text(String pattern, String example) {
    var text = new JsonSchema();
    text.addType("string");
    text.setPattern(pattern);
    text.setExample(example);
    return text;
  }
}
