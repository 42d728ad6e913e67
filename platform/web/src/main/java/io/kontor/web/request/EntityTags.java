package io.kontor.web.request;

import io.kontor.web.problem.ProblemException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Resource versions as entity tags. */
public final class EntityTags {
  private static final Pattern VERSION = Pattern.compile("\"(0|[1-9][0-9]{0,17})\"");

  private EntityTags() {}

  public static String of(long version) {
    return "\"" + version + "\"";
  }

  /**
   * The version that {@code If-Match} requires, or null for any version.
   *
   * @throws ProblemException when the header is not one strong entity tag in the form of {@link
   *     #of}
   */
  public static @Nullable Long expectedVersion(@Nullable String ifMatch) {
    if (ifMatch == null || ifMatch.strip().equals("*")) {
      return null;
    }
    Matcher version = VERSION.matcher(ifMatch.strip());
    if (!version.matches()) {
      throw ProblemException.invalid("If-Match", "is one entity tag such as \"3\", in its quotes");
    }
    return Long.valueOf(version.group(1));
  }
}
