/** What is sold, and how much of it there is: an item's commands, events and answers. */
@NullMarked
package io.kontor.api.inventory;

import org.jspecify.annotations.NullMarked;
