/** Which event notifies which user of what. No SQL, no HTTP. */
@NullMarked
package io.kontor.notifications.rule;

import org.jspecify.annotations.NullMarked;
