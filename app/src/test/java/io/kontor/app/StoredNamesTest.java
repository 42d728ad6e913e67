package io.kontor.app;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.kontor.api.account.AccountResult;
import io.kontor.api.evolution.EventTypeRegistry;
import io.kontor.api.inventory.InventoryResult;
import io.kontor.api.order.OrderResult;
import io.kontor.api.payment.PaymentResult;
import io.kontor.api.shipment.ShipmentResult;
import io.kontor.app.messaging.MessagingConfiguration;
import io.kontor.database.DatabaseLogin;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.axonframework.serialization.Revision;
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.stereotype.Aggregate;
import org.axonframework.spring.stereotype.Saga;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What is stored keeps its name however the code is renamed: a difference here is one that an
 * existing bank would meet. An addition is accepted by running the test with {@code
 * -Dkontor.stored-names=write} and committing the file.
 */
class StoredNamesTest {
  private static final Path FOLDER = Path.of("src/test/resources/stored-names");
  private static final int NESTED_AT_MOST = 6;
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.kontor");

  @Test
  void events() {
    check(
        "events",
        new TreeMap<>(EventTypeRegistry.byName())
            .entrySet().stream()
                .map(
                    event -> event.getKey() + revision(event.getValue()) + form(event.getValue())));
  }

  @Test
  void answersKeptUnderIdempotencyKeys() {
    check(
        "answers",
        Stream.of(
                Stream.of(AccountResult.class, InventoryResult.class)
                    .flatMap(answers -> Stream.of(answers.getPermittedSubclasses())),
                Stream.of(OrderResult.class, PaymentResult.class, ShipmentResult.class))
            .flatMap(answers -> answers)
            .map(StoredNamesTest::form)
            .distinct());
  }

  @Test
  void aggregatesAndTheirSnapshots() {
    Serializer snapshots = new MessagingConfiguration().snapshotSerializer();
    check(
        "aggregates",
        annotated(Aggregate.class)
            .map(
                type ->
                    snapshots.typeForClass(type).getName()
                        + revision(type)
                        + fields(type, NESTED_AT_MOST)));
  }

  @Test
  void processState() {
    check(
        "processes",
        annotated(Saga.class).map(type -> revision(type) + fields(type, NESTED_AT_MOST)));
  }

  @Test
  void tasksAndEventProcessors() {
    check(
        "tasks-and-processors",
        Stream.concat(
            OURS.stream()
                .flatMap(type -> type.getFields().stream())
                .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                .flatMap(StoredNamesTest::nameIn),
            rows("select distinct 'projection ' || name from kontor.projection")));
  }

  @Test
  void tables() {
    check(
        "tables",
        rows(
            """
            select table_schema || '.' || table_name || ' '
                || string_agg(column_name || ':' || udt_name, ' ' order by column_name)
            from information_schema.columns
            where table_schema = 'kontor' group by table_schema, table_name
            """));
  }

  private static Stream<String> rows(String query) {
    return JdbcClient.create(BankFixture.running().postgres().dataSource(DatabaseLogin.OWNER))
        .sql(query)
        .query(String.class)
        .stream();
  }

  private static void check(String name, Stream<String> lines) {
    String actual = lines.map(String::strip).sorted().collect(joining("\n", "", "\n"));
    Path file = FOLDER.resolve(name + ".txt");
    try {
      if ("write".equals(System.getProperty("kontor.stored-names"))) {
        Files.createDirectories(FOLDER);
        Files.writeString(file, actual);
      }
      assertThat(actual).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new AssertionError(file + " can't be read", e);
    }
  }

  private static Stream<Class<?>> annotated(Class<? extends Annotation> with) {
    return OURS.stream().filter(type -> type.isAnnotatedWith(with)).map(JavaClass::reflect);
  }

  private static Stream<String> nameIn(JavaField field) {
    if (field.getRawType().isEquivalentTo(TaskDescriptor.class)) {
      return Stream.of("task " + ((TaskDescriptor<?>) value(field)).getTaskName());
    }
    return field.getName().equals("PROCESSOR")
        ? Stream.of("processor " + value(field))
        : Stream.empty();
  }

  private static Object value(JavaField constant) {
    try {
      Field field = constant.reflect();
      field.setAccessible(true);
      return field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static String revision(Class<?> type) {
    return Optional.ofNullable(type.getAnnotation(Revision.class))
        .map(revision -> " revision " + revision.value())
        .orElse("");
  }

  private static String form(Class<?> type) {
    return form(type, NESTED_AT_MOST);
  }

  /** A record as its JSON: names, and the forms of what is inside. */
  private static String form(Class<?> type, int deep) {
    Optional<Method> text =
        Stream.of(type.getMethods())
            .filter(method -> method.isAnnotationPresent(JsonValue.class))
            .findFirst();
    if (text.isPresent()) {
      return text.get().getReturnType().getSimpleName();
    }
    if (type.isRecord() && deep > 0) {
      return Stream.of(type.getRecordComponents())
          .map(part -> name(part.getAccessor(), part.getName()) + ":" + form(part, deep - 1))
          .collect(joining(", ", " {", "}"));
    }
    if (type.isEnum()) {
      return Stream.of(type.getEnumConstants()).map(Object::toString).collect(joining("|"));
    }
    return type.getName().startsWith("io.kontor") ? "" : type.getSimpleName();
  }

  private static String name(AnnotatedElement part, String inCode) {
    JsonProperty stored = part.getAnnotation(JsonProperty.class);
    return stored == null ? inCode : stored.value();
  }

  private static String form(RecordComponent part, int deep) {
    return elements(part.getGenericType(), deep).orElseGet(() -> form(part.getType(), deep));
  }

  private static Optional<String> elements(Type type, int deep) {
    if (type instanceof ParameterizedType container) {
      List<String> inside = new ArrayList<>();
      for (java.lang.reflect.Type argument : container.getActualTypeArguments()) {
        if (argument instanceof Class<?> element) {
          inside.add(form(element, deep));
        }
      }
      return Optional.of("[" + String.join(", ", inside) + "]");
    }
    return Optional.empty();
  }

  /** An object as its JSON, where that is made of its fields. */
  private static String fields(Class<?> type, int deep) {
    return Stream.of(type.getDeclaredFields())
        .filter(field -> !Modifier.isStatic(field.getModifiers()))
        .filter(field -> !Modifier.isTransient(field.getModifiers()))
        .map(field -> name(field, field.getName()) + ":" + form(field, deep - 1))
        .collect(joining(", ", " {", "}"));
  }

  private static String form(Field field, int deep) {
    Class<?> type = field.getType();
    boolean isOurs = type.getName().startsWith("io.kontor") && !type.isRecord() && !type.isEnum();
    return isOurs && !type.isInterface() && deep > 0
        ? fields(type, deep)
        : elements(field.getGenericType(), deep).orElseGet(() -> form(type, deep));
  }
}
