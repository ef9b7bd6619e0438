package config

import (
	"maps"
	"reflect"
	"slices"
)

// Changed names the blocks that differ between two configurations, such as
// "pool.django": those that were added, removed or say something else, sorted.
// Where in its file a block stands does not matter.
func Changed(before, after *Config) []string {
	old, young := before.blocks(), after.blocks()
	changed := map[string]bool{}
	for name, block := range old {
		if other, there := young[name]; !there || !same(reflect.ValueOf(block), reflect.ValueOf(other)) {
			changed[name] = true
		}
	}
	for name := range young {
		if _, there := old[name]; !there {
			changed[name] = true
		}
	}
	return slices.Sorted(maps.Keys(changed))
}

// blocks are all blocks under the names by which they are referred to.
func (c *Config) blocks() map[string]any {
	all := map[string]any{"appserve": c.Server, "log": c.Log}
	for _, b := range c.Listeners {
		all["listener."+b.Name] = b
	}
	for _, b := range c.Upstreams {
		all["upstream."+b.Name] = b
	}
	for _, b := range c.Pools {
		all["pool."+b.Name] = b
	}
	for _, b := range c.Sites {
		all["site."+b.Name] = b
	}
	return all
}

// same is reflect.DeepEqual for the plain values of a Config, without the
// places in its files. What other packages made has no places in it.
func same(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() && b.IsNil()
		}
		return same(a.Elem(), b.Elem())
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !same(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Struct:
		if a.Type().PkgPath() != reflect.TypeFor[Block]().PkgPath() {
			break
		}
		if a.Type() == reflect.TypeFor[Source]() {
			return true
		}
		if a.Type() == reflect.TypeFor[Block]() {
			return a.Interface().(Block).Name == b.Interface().(Block).Name
		}
		for i := range a.NumField() {
			if !same(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}
