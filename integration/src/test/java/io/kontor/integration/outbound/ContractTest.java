package io.kontor.integration.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.kontor.api.evolution.EventTypeRegistry;
import io.kontor.api.integration.IntegrationEvent;
import io.kontor.api.integration.IntegrationEventTypes;
import io.kontor.eventstore.NamedTypeSerializer;
import io.kontor.integration.Kafka;
import io.kontor.integration.outbox.CloudEventMapper;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericTrackedDomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Published records match docs/integration. */
@Tag("system")
class ContractTest {
  static final Path SCHEMAS = Path.of("..", "docs", "integration");
  private static final String BASE = "https://kontor.example/schemas/";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final CloudEventMapper records = new CloudEventMapper(Kafka.settings("k", Map.of()));
  private final List<ProducerRecord<String, byte[]>> sent =
      Samples.ofEveryEvent().stream().flatMap(event -> sent(event).stream()).toList();

  @Test
  void everythingThatIsSentIsAsItsTopicsSchemaSays() {
    SchemaRegistry registry = registry();
    assertThat(sent)
        .allSatisfy(
            record -> {
              String topic = record.topic().substring("k.".length());
              Schema schema = registry.getSchema(SchemaLocation.of(BASE + topic + ".schema.json"));
              assertThat(schema.validate(text(record), InputFormat.JSON))
                  .as(text(record))
                  .isEmpty();
            });
  }

  @Test
  void noTypeIsWithoutASchemaAndNoFieldUnsaid() throws IOException {
    Map<String, JsonNode> dataOfType = new HashMap<>();
    for (String topic : IntegrationEventTypes.topics()) {
      JsonNode schema = JSON.readTree(Files.readString(SCHEMAS.resolve(topic + ".schema.json")));
      for (JsonNode one : schema.path("oneOf")) {
        String definition =
            one.at("/properties/data/$ref").asString().substring("#/$defs/".length());
        dataOfType.put(
            one.at("/properties/type/const").asString(), schema.path("$defs").path(definition));
      }
    }
    assertThat(dataOfType.keySet())
        .containsExactlyInAnyOrderElementsOf(IntegrationEventTypes.types().values());
    Set<String> seen = new HashSet<>();
    for (var record : sent) {
      JsonNode event = JSON.readTree(record.value());
      String type = event.path("type").asString();
      seen.add(type);
      assertThat(event.path("data").propertyNames())
          .as(type)
          .isSubsetOf(dataOfType.get(type).path("properties").propertyNames());
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(dataOfType.keySet());
  }

  @Test
  void everyPublishedClassHasATypeOfItsOwn() {
    List<Class<?>> published = new ArrayList<>();
    for (Class<?> topic : IntegrationEvent.class.getPermittedSubclasses()) {
      published.addAll(Arrays.asList(topic.getPermittedSubclasses()));
    }
    assertThat(new HashSet<Class<?>>(IntegrationEventTypes.types().keySet()))
        .containsExactlyInAnyOrderElementsOf(published);
    assertThat(IntegrationEventTypes.types().values()).doesNotHaveDuplicates();
  }

  @Test
  void noTextThatAPersonTypedOrThatNamesOneIsSent() {
    assertThat(sent)
        .filteredOn(record -> text(record).contains(Samples.SECRET))
        .map(record -> JSON.readTree(record.value()).path("type").asString())
        .containsExactly("io.kontor.product.registered.v1"); // a product's name
  }

  @Test
  void anAnswerThatAxonServerKeepsAsAnEventIsNobodysBusiness() {
    Object answer =
        NamedTypeSerializer.of(Jackson3Serializer.builder(), EventTypeRegistry.byName())
            .deserialize(
                new SimpleSerializedObject<>(
                    "{\"key\":\"k\",\"fingerprint\":\"f\",\"answer\":\"{}\"}",
                    String.class,
                    "request-answered",
                    null));
    assertThat(sent(answer)).isEmpty();
  }

  private List<ProducerRecord<String, byte[]>> sent(Object event) {
    var stream = "acme/" + UUID.randomUUID();
    var stored =
        new GenericDomainEventMessage<>(
            "Stream",
            stream,
            4,
            event,
            MetaData.with(TenantMessageInterceptor.KEY, "acme")
                .and("correlationId", "corr-1")
                .and("actor", Samples.SECRET)
                .and("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    return records
        .of(new GenericTrackedDomainEventMessage<>(new GlobalSequenceTrackingToken(17), stored))
        .stream()
        .toList();
  }

  static SchemaRegistry registry() {
    return SchemaRegistry.withDefaultDialect(
        SpecificationVersion.DRAFT_2020_12, schemas -> schemas.schemas(ContractTest::schema));
  }

  private static @Nullable String schema(String iri) {
    try {
      return iri.startsWith(BASE)
          ? Files.readString(SCHEMAS.resolve(iri.substring(BASE.length())))
          : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(ProducerRecord<String, byte[]> record) {
    return new String(record.value(), StandardCharsets.UTF_8);
  }
}
