package io.kontor.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class WithoutRedisTest {

  @Test
  void withoutServersNoClassOfLettuceIsNeeded() throws Exception {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (var loader = new URLClassLoader(withoutLettuce(), ClassLoader.getPlatformClassLoader())) {
      assertThatThrownBy(() -> loader.loadClass("io.lettuce.core.RedisClient"))
          .isInstanceOf(ClassNotFoundException.class);
      var reads =
          (Callable<?>)
              loader
                  .loadClass(ReadsWithoutRedis.class.getName())
                  .getDeclaredConstructor()
                  .newInstance();

      assertThat(reads.call()).isEqualTo("Ada");
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  private static URL[] withoutLettuce() throws Exception {
    List<URL> classPath = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!entry.contains("lettuce")) {
        classPath.add(Path.of(entry).toUri().toURL());
      }
    }
    return classPath.toArray(URL[]::new);
  }
}
